import { batteryKey } from '@ubmsc/energy';
import type { BatteryEvent } from '@ubmsc/session';
import { utcDay } from './folder.ts';
import { HistoryError } from './history-error.ts';
import { query } from './query.ts';
import { DAY, MINUTE } from './steps.ts';
import { HistoryWriter, type HistoryWriterOptions } from './writer.ts';

/** Number of readings that are written at once. */
const BATCH = 5000;

/** Result of an import. */
export interface Imported {
  readonly readings: number;
  /** Readings of minutes of which the history had some before. */
  readonly known: number;
}

/**
 * Imports events of the past, such as those of recordings. Only minutes that are empty are filled, so that nothing is
 * imported twice.
 * @throws {UsageError} another process writes to the history.
 * @throws {HistoryError} the history cannot be read or written; some of the readings may be in it.
 */
export async function importEvents(
  events: AsyncIterable<BatteryEvent>,
  options: HistoryWriterOptions,
): Promise<Imported> {
  const writer = await HistoryWriter.open({ ...options, isImport: true });
  let imported: Imported;
  try {
    imported = await addTo(writer, events, new KnownMinutes(options.folder));
  } finally {
    await writer[Symbol.asyncDispose]();
  }
  const { problem } = writer;
  if (problem === undefined) return imported;
  throw new HistoryError(problem, 'mend that and import it again: what is in the history stays as it is');
}

async function addTo(
  writer: HistoryWriter,
  events: AsyncIterable<BatteryEvent>,
  minutes: KnownMinutes,
): Promise<Imported> {
  let readings = 0;
  let known = 0;
  for await (const event of events) {
    const key = batteryKey(event.status);
    if (event.kind !== 'reading' || key === undefined) continue;
    if (await minutes.has(key, event.time)) {
      known++;
      continue;
    }
    writer.add(event, event.status.readingTime ?? 0);
    if (++readings % BATCH === 0) await writer.flush();
  }
  return { readings, known };
}

/** The minutes that a history had before something was imported. */
class KnownMinutes {
  readonly #folder: string;
  readonly #days = new Map<string, ReadonlySet<number>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async has(battery: string, time: number): Promise<boolean> {
    const day = utcDay(time);
    const name = `${battery} ${day}`;
    let minutes = this.#days.get(name);
    if (!minutes) {
      const from = Date.parse(`${day}T00:00:00Z`);
      const to = from + DAY;
      const { table } = await query({ folder: this.#folder, battery, columns: [], from, to, every: MINUTE });
      minutes = new Set(table.times);
      this.#days.set(name, minutes);
    }
    return minutes.has(time - (time % MINUTE));
  }
}
