import { open } from 'node:fs/promises';
import { checkedLine, contentOfLine } from '@ubmsc/base';
import { contentOf } from './folder.ts';

/** The lines of a file whose checksum is right, parsed as JSON. */
export interface CheckedLines {
  readonly values: readonly unknown[];
  /** Lines that are damaged or torn, and left out. */
  readonly damaged: number;
  /** Where the last whole line ends. */
  readonly end: number;
}

/** Reads lines of JSON, each with a CRC-32 before it; none where there is no file. */
export async function readLines(path: string): Promise<CheckedLines> {
  const content = await contentOf(path);
  const values: unknown[] = [];
  let damaged = 0;
  let at = 0;
  for (let end = content.indexOf('\n'); end !== -1; end = content.indexOf('\n', at)) {
    const value = parseLine(content.toString('utf8', at, end));
    if (value === undefined) damaged++;
    else values.push(value);
    at = end + 1;
  }
  if (at < content.length) damaged++;
  return { values, damaged, end: at };
}

function parseLine(text: string): unknown {
  const json = contentOfLine(text);
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Adds a line after `end`; what follows there is cut off. Resolves when it is on the disk. */
export async function appendLine(path: string, end: number, value: unknown): Promise<void> {
  await using file = await open(path, 'a', 0o600);
  await file.truncate(end);
  await file.appendFile(`${checkedLine(JSON.stringify(value))}\n`);
  await file.sync();
}
