export { startTui, type Tui, type TuiOptions } from './tui.tsx';
export type { Severity } from './model/event-log.ts';
