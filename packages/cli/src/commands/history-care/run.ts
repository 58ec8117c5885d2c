import { UsageError } from '@ubmsc/base';
import { relative, join } from 'node:path';
import { batteriesOf, importEvents, prune, query, tableParquet, verify, columnInfos } from '@ubmsc/history';
import { RecordedBattery, type Recording } from '@ubmsc/recording';
import type { BatteryEvent } from '@ubmsc/session';
import { assertOwnFolder } from '../../batteries/state-folder.ts';
import type { Options } from '../../command-line/options.ts';
import { historyFolder, keptBatteries, noHistory } from '../../history/kept-batteries.ts';
import { limitsOf } from '../../outputs/history/output.ts';
import { makeOutputFolder, print, writeOutput } from '../../output.ts';
import { loadRecording } from '../../recordings/load-recording.ts';

/**
 * Says what is damaged.
 * @throws {UsageError} something is, or there is no history.
 */
export async function verifyHistory(options: Options): Promise<void> {
  const folder = historyFolder(options);
  const files = await verify(folder, Date.now());
  if (files.length === 0) throw noHistory(folder);
  const damaged = files.filter(({ problems }) => problems.length > 0);
  for (const { path, problems } of damaged)
    for (const problem of problems) await print(`${relative(folder, path)}: ${problem}\n`);
  const sum = (of: (file: (typeof files)[number]) => number): number =>
    files.reduce((total, file) => total + of(file), 0);
  const size = (sum((file) => file.size) / 1e6).toFixed(1);
  await print(
    `${files.length} files, ${size} MB, ${sum((file) => file.rows)} rows, ${damaged.length} damaged\n`,
  );
  if (damaged.length > 0)
    throw new UsageError(
      `${damaged.length} of ${files.length} files are damaged or cannot be read`,
      'what is damaged is left out of every answer; a backup may have it',
    );
}

/**
 * Removes what is older than it is kept.
 * @throws {UsageError} there is no history.
 */
export async function pruneHistory(options: Options): Promise<void> {
  const folder = historyFolder(options);
  if ((await batteriesOf(folder)).length === 0) throw noHistory(folder);
  for (const path of await prune(folder, limitsOf(options), Date.now()))
    await print(`${relative(folder, path)} was removed\n`);
}

/** Takes recordings into the history. */
export async function importHistory(
  files: readonly string[],
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  const folder = historyFolder(options);
  // Who may not read the files takes a recording from standard input.
  assertOwnFolder(folder, 'history import - < FILE');
  for (const file of files) {
    const recording = await loadRecording(file, signal);
    const events = eventsOf(file, recording);
    const { readings, known } = await importEvents(events, { folder, ...limitsOf(options) });
    const left = known > 0 ? `, ${known} of minutes that the history had` : '';
    await print(`${file}: ${readings} readings${left}\n`);
  }
}

async function* eventsOf(file: string, { header, events }: Recording): AsyncGenerator<BatteryEvent> {
  const battery = new RecordedBattery(header.device.name ?? header.device.address ?? file, header);
  for (const event of events) yield* battery.push(event);
}

/** Writes all that the history has of each battery into a folder, as Parquet: minutes and every reading. */
export async function exportHistory(
  folder: string,
  asked: readonly string[],
  options: Options,
): Promise<void> {
  await makeOutputFolder(folder);
  for (const { folder: history, key } of await keptBatteries(options, asked)) {
    for (const [name, every] of [
      ['minutes', 60_000],
      ['readings', undefined],
    ] as const) {
      const from = every === undefined ? Date.now() - options.historyDays * 86_400_000 : 0;
      const { table } = await query({ folder: history, battery: key, from, to: Date.now(), every });
      const path = join(folder, `${key}-${name}.parquet`);
      await writeOutput(path, await tableParquet(table));
      await print(`${path}: ${table.times.length} rows\n`);
    }
  }
}

/** Prints the columns that a history can have. */
export async function listColumns(): Promise<void> {
  for (const { name, label, unit, isList } of columnInfos)
    await print(`${name}${isList ? '_0 …' : ''}\t${label}${unit === undefined ? '' : `, ${unit}`}\n`);
}
