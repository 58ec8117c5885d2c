export * from './adapter-spec.ts';
export * from './adapter.ts';
export * from './battery.ts';
export * from './device-spec.ts';
export * from './device.ts';
export * from './fleet.ts';
export * from './log.ts';
export type { LogEntry } from './logbook.ts';
