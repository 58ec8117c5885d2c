import { liveReading, type BatteryStatus } from '@ubmsc/session';
import { windowOf, type UiState } from '../keys/state.ts';
import { historyCsv } from '../model/csv.ts';
import type { History } from '../model/history.ts';
import type { Role } from '../text/line.ts';
import type { Scene } from '../views/view.ts';

/** Where values can be taken out of the screen. */
export interface Outlets {
  /** The statuses as text for the clipboard. */
  toJson(statuses: readonly BatteryStatus[]): string | Promise<string>;
  /** Puts a text on the clipboard. Returns whether that was possible. */
  copy(text: string): boolean;
  /** Writes a file. Resolves with its path. */
  save(name: string, text: string): Promise<string>;
}

/** What became of it, to be said to the person at the keys. */
interface Outcome {
  readonly text: string;
  readonly role: Role;
}

/** Copies batteries with a fresh reading as JSON. */
export async function copyJson(
  statuses: readonly BatteryStatus[],
  now: number,
  outlets: Outlets,
): Promise<Outcome> {
  const told = statuses.filter((each) => liveReading(each, now) !== undefined);
  if (told.length === 0) return { text: 'there is no fresh reading to copy', role: 'notice' };
  const text = await outlets.toJson(told);
  return outlets.copy(text)
    ? { text: `${text.length} characters of JSON were sent to the terminal's clipboard`, role: 'text' }
    : {
        text: 'this is too much for the clipboard of a terminal: open one battery and copy that',
        role: 'notice',
      };
}

/** Writes what the graphs of a battery show into a CSV file. */
export async function exportCsv(
  status: BatteryStatus | undefined,
  history: History | undefined,
  { now, wall }: Scene,
  state: UiState,
  outlets: Outlets,
): Promise<Outcome> {
  if (!status || !history || history.end === history.start)
    return { text: 'there is nothing to export yet', role: 'notice' };
  const from = now - windowOf(state) * 1000;
  try {
    const path = await outlets.save(fileName(status, wall), historyCsv(history, from, now));
    return { text: `written: ${path}`, role: 'text' };
  } catch (error) {
    return { text: `cannot write: ${error instanceof Error ? error.message : String(error)}`, role: 'alarm' };
  }
}

/** Letters and digits of the name, and when: `ubmsc-UPS_BMS-20250204-050607.csv`. */
function fileName({ device }: BatteryStatus, wall: number): string {
  const name = device
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 40);
  const written = new Date(wall).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `ubmsc-${name || 'battery'}-${written}.csv`;
}
