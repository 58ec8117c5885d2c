import { liveReading, readingAge, type BatteryStatus, type Reading } from '@ubmsc/protocol';
import { isTrouble, stateInWords } from '../model/changes.ts';
import { span, type Line, type Role, type Span } from '../text/line.ts';
import { duration } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import type { Scene } from './view.ts';

/** The latest reading, and whether it may be shown as true now. */
export interface Shown {
  readonly reading: Reading;
  readonly stale: boolean;
}

export function shownReading(status: BatteryStatus, now: number): Shown | undefined {
  const { reading } = status;
  return reading && { reading, stale: liveReading(status, now) === undefined };
}

/** A state in words, and how long it lasts where that matters: `mute: fell silent, 12 s`. */
export function stateWords(status: BatteryStatus, { now }: Scene): Span {
  const seconds = (now - status.since) / 1000;
  const words = stateInWords(status);
  if (status.state === 'streaming') return span(words, 'good');
  const text = seconds < 1 ? words : `${words}, ${duration(seconds)}`;
  return span(text, stateRole(status));
}

function stateRole({ state }: BatteryStatus): Role {
  return isTrouble(state) ? 'notice' : 'text';
}

/** A dot that changes with each frame, and the age of the reading. */
export function heartbeat(status: BatteryStatus, { now }: Scene): Line {
  const age = readingAge(status, now);
  const { reading } = status;
  if (age === undefined || !reading) return [span('no data yet', 'dim')];
  const fresh = liveReading(status, now) !== undefined;
  const dot = signs.beat[reading.source.counter % 2] ?? '';
  const seconds = duration(age / 1000, 1);
  if (!fresh) return [span(`STALE ${seconds}`, 'alarm')];
  return [span(dot, 'good'), span(age < 1000 ? ' now' : ` ${seconds} ago`, 'dim')];
}
