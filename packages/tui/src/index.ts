export type { BatterySource } from '@ubmsc/protocol';
