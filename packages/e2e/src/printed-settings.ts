import { writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { ubmsc, type Ended } from './command.ts';

/** A row of what the command prints as JSON. */
export type Row = Readonly<Record<string, unknown>>;

/** What the passcodes of simulated batteries contain. */
const planted = /LEAKME/;

/** Runs the command beside batteries of its own, which are the same each time: one, or two where it reads the second. */
export const client = async (...args: string[]): ReturnType<typeof ubmsc> => {
  const ended = await ubmsc('--adapter', args.includes('UPS_BMS_2') ? 'sim:2' : 'sim', ...args);
  expect(ended.stdout + ended.stderr).not.toMatch(planted);
  return ended;
};

const read = new Map<string, ReturnType<typeof ubmsc>>();

/** The settings in a format. They are read once. */
export async function settingsAs(format: string): ReturnType<typeof ubmsc> {
  const reading = read.get(format) ?? client('settings', 'UPS_BMS', '-f', format);
  read.set(format, reading);
  return await reading;
}

/** The rows of a group of the JSON document that the command prints. */
export async function rows(group: string, ...args: string[]): Promise<readonly Row[]> {
  const ended = await client(...args, '-f', 'json');
  // With --diff it says whether settings differ.
  return rowsOf(group, args.includes('--diff') ? { ...ended, code: 0 } : ended);
}

/** The rows of a group of a JSON document that was printed. */
export function rowsOf(group: string, { code, stdout, stderr }: Ended): readonly Row[] {
  expect([code, stderr]).toEqual([0, '']);
  const document: Readonly<Record<string, readonly Row[]>> = JSON.parse(stdout);
  expect(Object.keys(document)).toEqual([group]);
  return document[group] ?? [];
}

/** A file with settings that were read, changed by `change`. */
export async function writeEarlier(file: string, change: (settings: Row) => Row): Promise<string> {
  const current = rowsOf('settings', await settingsAs('json'));
  await writeFile(file, JSON.stringify({ settings: current.map(change) }));
  return file;
}
