import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/** One line of the table that is printed at the end. */
export interface Row {
  readonly fault: string;
  readonly outcome: string;
  /** Simulated time from the end of the fault to the next reading. */
  readonly liveAgain: string;
  readonly readings: number;
  readonly wrong: number;
  readonly leaks: string;
  /** What the user saw last that was not well. */
  readonly message: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    rows: string;
  }
}

const names = ['fault', 'outcome', 'liveAgain', 'readings', 'wrong', 'leaks', 'message'] as const;

const columns: Readonly<Record<keyof Row, string>> = {
  fault: 'fault',
  outcome: 'outcome: what the user saw',
  liveAgain: 'live again',
  readings: 'readings',
  wrong: 'wrong',
  leaks: 'leaks',
  message: 'message',
};

/** Notes a line, for the table of all files. */
export async function note(file: string, row: Row): Promise<void> {
  const cells = names.map((name) => String(row[name]).replaceAll(/[\t\n]/g, ' '));
  await appendFile(file, `${cells.join('\t')}\n`);
}

/** vitest calls it before all files. What it returns is called after all of them, and prints the table. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'ubmsc-faults-'));
  const file = join(folder, 'rows');
  await appendFile(file, '');
  project.provide('rows', file);
  return async () => {
    const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
    await rm(folder, { recursive: true, force: true });
    if (lines.length > 0) process.stdout.write(format(lines.map((line) => line.split('\t'))));
  };
}

function format(rows: readonly (readonly string[])[]): string {
  const lines = [names.map((name) => columns[name]), ...rows];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return `\n${text.map((line) => `${line.trimEnd()}\n`).join('')}\n${rows.length} runs\n`;
}
