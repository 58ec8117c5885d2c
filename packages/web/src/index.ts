export type { PageAnswer, PageRequest } from './request.ts';
export type { BatteryJson, JsonValue } from './answers.ts';
export { webPages, type WebPages, type WebPagesOptions } from './web-pages.ts';
export { UsageError } from '@ubmsc/base';
