export { MOST_RECORDINGS, openPlayback } from './playback/open-playback.ts';
export type { Playback } from './playback/playback.ts';
export type { RecordingText } from './playback/track.ts';
export { startTui, type Tui, type TuiOptions } from './tui.ts';
export type { Look } from './keys/state.ts';
export type { GraphStyle } from './text/graph.ts';
export type { PastRow, PastStretch, ReadPast } from './model/past.ts';
export type { Severity } from './model/event-log.ts';
export { UsageError } from '@ubmsc/base';
