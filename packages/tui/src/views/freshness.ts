import type { Reading } from '@ubmsc/protocol';
import { type BatteryStatus, liveReading, readingAge, sessionStates } from '@ubmsc/session';
import { isTrouble, stateInWords } from '../model/changes.ts';
import { isLive } from '../model/verdict.ts';
import type { WatchedStatus } from '../model/watch.ts';
import { span, type Line, type Role, type Span } from '../text/line.ts';
import { duration } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import type { Scene } from './view.ts';

/** The latest reading, and whether it may no longer be shown as true now: without a link it may not. */
export interface Shown {
  readonly reading: Reading;
  readonly stale: boolean;
}

export function shownReading(status: BatteryStatus, now: number): Shown | undefined {
  const { reading } = status;
  return reading && { reading, stale: !isLive(status, now) };
}

/** A state in a word, and how long it lasts: `mute 12 s`. One whose reading is old is not called live. */
export function stateWord(status: BatteryStatus, { now }: Scene): Span {
  if (isLive(status, now)) return span(sessionStates.streaming, 'good');
  const isStreaming = status.state === 'streaming';
  const age = isStreaming ? readingAge(status, now) : now - status.since;
  const word = isStreaming ? 'silent' : sessionStates[status.state];
  const seconds = Math.floor((age ?? 0) / 1000);
  return span(seconds < 1 ? word : `${word} ${duration(seconds, 1)}`, stateRole(status));
}

/** The same with its reason, and with that of the loss before it: `searching 3 s, after: out of range (0x08)`. */
export function stateWords(status: WatchedStatus, scene: Scene): Line {
  const { reason, cause } = status;
  const word = stateWord(status, scene);
  if (reason !== undefined && reason !== 'closedByUser') {
    const [, time = ''] = /( \d.*)$/.exec(word.text) ?? [];
    return [span(stateInWords(status, time), word.role)];
  }
  return cause ? [word, span(`, after: ${cause.text}`, 'notice')] : [word];
}

function stateRole({ state }: BatteryStatus): Role {
  return isTrouble(state) || state === 'streaming' ? 'notice' : 'text';
}

/** So long each of the two signs of the heartbeat is shown, in milliseconds. */
const BEAT = 1000;

/** A dot that changes each second as long as readings come, and the age of the reading. */
export function heartbeat(status: BatteryStatus, { now }: Scene): Line {
  const age = readingAge(status, now);
  const { readingTime } = status;
  if (age === undefined || readingTime === undefined) return [span('no data yet', 'dim')];
  const seconds = duration(age / 1000, 1);
  if (liveReading(status, now) === undefined) return [span(`STALE ${seconds}`, 'alarm')];
  const dot = signs.beat[Math.floor(readingTime / BEAT) % 2] ?? '';
  const isDoubtful = status.reading?.doubt !== undefined;
  return [
    span(isDoubtful ? '?' : dot, isDoubtful ? 'notice' : 'good'),
    span(age < 1000 ? ' now' : ` ${seconds} ago`, 'dim'),
  ];
}
