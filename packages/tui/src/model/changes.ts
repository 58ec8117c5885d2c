import { sanitize } from '@ubmsc/base';
import { alarms, type Reading } from '@ubmsc/protocol';
import { type BatteryStatus, sessionReasons, type SessionState, sessionStates } from '@ubmsc/session';
import type { LoggedEvent } from './event-log.ts';
import { alarmDetail, alarmInWords, type Limits } from './limits.ts';

/** A change in words. */
export type Change = Pick<LoggedEvent, 'severity' | 'mark' | 'alarm' | 'text' | 'sentence'>;

const isOf = (states: readonly SessionState[]): ((state: SessionState) => boolean) => {
  const set = new Set(states);
  return (state) => set.has(state);
};

/** States in which something is wrong. */
export const isTrouble = isOf(['quiet', 'mute', 'lost', 'refused']);

/** States that are on the way to being live. */
const isStep = isOf(['searching', 'heard', 'connecting', 'discovering', 'subscribing', 'identifying']);

/** A state with its reason, and between them how long it lasts: `lost 4 min: out of range (0x08)`. */
export function stateInWords({ state, reason }: Pick<BatteryStatus, 'state' | 'reason'>, time = ''): string {
  const words = sessionStates[state] + time;
  return reason === undefined || reason === 'closedByUser'
    ? words
    : `${words}: ${sessionReasons[reason].title}`;
}

/** What a change of state means to people. */
export function stateChange(status: BatteryStatus): Change {
  const text = stateInWords(status);
  const sentence = status.message === undefined ? undefined : sanitize(status.message);
  if (status.state === 'streaming') return { severity: 'good', mark: 'state', text };
  if (isTrouble(status.state)) return { severity: 'notice', mark: 'state', text, sentence };
  if (isStep(status.state) && status.reason === undefined) return { severity: 'step', text, sentence };
  return { severity: 'info', mark: 'state', text, sentence };
}

const switches = [
  ['chargeMosfet', 'charging'],
  ['dischargeMosfet', 'discharging'],
  ['heating', 'heating'],
] as const;

/** What differs between two readings that follow each other, as far as people want to be told. */
export function readingChanges(before: Reading, after: Reading, limits: Limits = {}): Change[] {
  const changes: Change[] = [];
  const earlier = new Set(before.alarms);
  const later = new Set(after.alarms);
  for (const name of later) {
    if (earlier.has(name)) continue;
    const { severity, help } = alarms[name];
    const detail = alarmDetail(name, after, limits);
    const text = detail === undefined ? help : `${help} (${detail})`;
    const words = alarmInWords(name, after, limits);
    changes.push({ severity, mark: 'alarm', alarm: { name, words }, text });
  }
  for (const name of earlier) {
    if (later.has(name)) continue;
    changes.push({ severity: 'good', alarm: { name, words: undefined }, text: `Over: ${alarms[name].help}` });
  }
  for (const [name, what] of switches) {
    const value = after[name];
    if (before[name] === null || value === null || before[name] === value) continue;
    changes.push({ severity: 'info', text: `${what} is switched ${value ? 'on' : 'off'}` });
  }
  if (before.cellVoltage.length !== after.cellVoltage.length) {
    const [from, to] = [before.cellVoltage.length, after.cellVoltage.length];
    changes.push({ severity: 'notice', text: `${to} cells instead of ${from}` });
  }
  if (before.chargePhase !== after.chargePhase && after.chargePhase !== null) {
    changes.push({ severity: 'info', text: `charge phase is ${after.chargePhase}` });
  }
  return changes;
}
