import { liveReading, readingAge, type BatteryStatus } from '@ubmsc/session';
import type { Reading } from '@ubmsc/protocol';
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

/** A state in words, how long it lasts, and why: `mute 12 s: fell silent`. */
export function stateWords(status: BatteryStatus, { now }: Scene): Span {
  if (status.state === 'streaming') return span(stateInWords(status), 'good');
  const seconds = Math.floor((now - status.since) / 1000);
  return span(stateInWords(status, seconds < 1 ? '' : ` ${duration(seconds, 1)}`), stateRole(status));
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
