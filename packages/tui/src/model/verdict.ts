import { type AlarmName, alarms, type Doubt, type Reading } from '@ubmsc/protocol';
import { type BatteryStatus, liveReading } from '@ubmsc/session';
import type { Role } from '../text/line.ts';
import { cellsOf, spreadLevel } from './cells.ts';
import { isTrouble } from './changes.ts';
import { alarmInWords, type Limits } from './limits.ts';
import type { WatchedStatus } from './watch.ts';

/** From this charge down, in %, a battery is nearly empty. */
export const LOW_CHARGE = 10;

/** What there is to say of a battery, the worst first; `rank` grows with it, and is 0 when all is well. */
export interface Verdict {
  readonly rank: number;
  readonly role: Role;
  readonly text: string;
}

/** Ranks of {@link Verdict}. */
export const ranks = { alarm: 5, lost: 4, notice: 3, remark: 2, coming: 1, well: 0 } as const;

/** What speaks against a reading, in words. */
const doubtWords: Readonly<Record<Doubt, string>> = {
  pace: 'the clock of the device does not fit the time that passed',
  copy: 'part of it seems to be there twice',
  slots: 'values stand in empty places',
  constants: 'what never changes has changed',
  flicker: 'a value came and went',
};

/** Whether what a battery says is true now: it has a link, and its reading is fresh. */
export function isLive(status: BatteryStatus, now: number): boolean {
  return status.state === 'streaming' && liveReading(status, now) !== undefined;
}

/** Alarms and notices of a reading, alarms first. */
function activeNames({ alarms: active }: Reading): readonly AlarmName[] {
  return (active ?? []).toSorted((one, other) => alarms[one].severity.localeCompare(alarms[other].severity));
}

/** What is wrong with a battery, in few words; that all is well when nothing is. */
export function verdictOf(status: WatchedStatus, now: number, limits: Limits = {}): Verdict {
  return problems(status, now, limits)[0] ?? { rank: ranks.well, role: 'good', text: 'all well' };
}

/** Whether a battery that is in trouble still has a link. */
function hasLink({ state }: BatteryStatus): boolean {
  return state === 'quiet' || state === 'mute';
}

/** Everything that is wrong with a battery, the worst first. */
export function problems(status: WatchedStatus, now: number, limits: Limits = {}): readonly Verdict[] {
  const { reading, cause } = status;
  const found: Verdict[] = [];
  // What is tried after a loss does not make it well: only a reading does.
  if (isTrouble(status.state) || (cause !== undefined && status.state !== 'closed'))
    found.push({
      rank: ranks.lost,
      role: 'notice',
      text: `${hasLink(status) ? 'silent' : 'no link'}${reading ? ': values are old' : ''}`,
    });
  else if (status.state === 'closed') found.push({ rank: ranks.coming, role: 'text', text: 'closed' });
  else if (reading && liveReading(status, now) === undefined)
    found.push({ rank: ranks.lost, role: 'notice', text: 'silent: values are old' });
  else if (status.state !== 'streaming')
    found.push({ rank: ranks.coming, role: 'text', text: 'not live yet' });
  if (!reading) return found;
  if (reading.doubt !== undefined)
    found.push({ rank: ranks.notice, role: 'notice', text: `doubtful: ${doubtWords[reading.doubt]}` });
  const isNow = isLive(status, now);
  for (const name of activeNames(reading)) {
    const { severity } = alarms[name];
    const text = alarmInWords(name, reading, limits);
    // Whether an alarm lasts that was told before the silence is not known.
    if (isNow) found.push({ rank: ranks[severity], role: severity, text });
    else found.push({ rank: ranks.notice, role: 'notice', text: `in the last reading: ${text}` });
  }
  found.push(...cutOffs(status), ...(reading.doubt === undefined ? ofCells(status) : []));
  const { remainPercent } = reading;
  if (remainPercent !== null && remainPercent <= LOW_CHARGE)
    found.push({ rank: ranks.remark, role: 'notice', text: `nearly empty: ${remainPercent.toFixed(0)} %` });
  return found.toSorted((one, other) => other.rank - one.rank);
}

/** What the battery does not do because it is switched off. */
function cutOffs({ reading }: BatteryStatus): readonly Verdict[] {
  const off = [
    reading?.chargeMosfet === false ? 'charge' : undefined,
    reading?.dischargeMosfet === false ? 'discharge' : undefined,
  ].filter((each) => each !== undefined);
  if (off.length === 0) return [];
  return [{ rank: ranks.notice, role: 'notice', text: `${off.join(' and ')} switched off` }];
}

function ofCells({ reading }: BatteryStatus): readonly Verdict[] {
  if (!reading) return [];
  const { cells, spread } = cellsOf(reading);
  const broken = cells.findIndex(({ isWireBroken }) => isWireBroken);
  const found: Verdict[] = [];
  if (broken >= 0)
    found.push({
      rank: ranks.notice,
      role: 'alarm',
      text: `cell ${broken + 1} reads ${(cells[broken]?.voltage ?? 0).toFixed(3)} V: broken sense wire?`,
    });
  if (spread === undefined || spreadLevel(spread) !== 'bad') return found;
  const furthest = cells.reduce(
    (worst, { deviation }, index) =>
      Math.abs(deviation ?? 0) > Math.abs(cells[worst]?.deviation ?? 0) ? index : worst,
    0,
  );
  const deviation = cells[furthest]?.deviation ?? 0;
  const text = `cell ${furthest + 1} ${deviation < 0 ? 'low' : 'high'} by ${Math.abs(deviation).toFixed(0)} mV`;
  return [...found, { rank: ranks.notice, role: 'alarm', text }];
}
