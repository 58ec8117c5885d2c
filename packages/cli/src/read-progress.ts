import { formatDuration } from '@ubmsc/base';
import { stat } from 'node:fs/promises';
import { Progress } from './output.ts';

/** How often it is drawn again, in milliseconds; how many characters the bar has. */
const PERIOD = 100;
const BAR = 24;

/** Shows on a terminal how far a file was read: a bar, megabytes, the speed and the time that is left. */
export class ReadProgress implements Disposable {
  readonly #progress = new Progress();
  readonly #name: string;
  readonly #total: number | undefined;
  readonly #start = performance.now();
  #read = 0;
  #shown = -Infinity;

  /** `total` is the length of the file in octets, where it is known. */
  constructor(name: string, total?: number) {
    this.#name = name;
    this.#total = total;
  }

  /** Takes how many octets more were read. */
  add(octets: number): void {
    this.#read += octets;
    const now = performance.now();
    if (now - this.#shown < PERIOD) return;
    this.#shown = now;
    this.#progress.show(`${this.#name} ${progressText(this.#read, this.#total, now - this.#start)}`);
  }

  /** Takes it off the screen, so that something else can be said. */
  clear(): void {
    this.#progress.clear();
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}

/** How far it is after `elapsed` milliseconds, such as `[######······] 50 % 12.3 of 24.6 MB, 98 MB/s, 1 s left`. */
export function progressText(read: number, total: number | undefined, elapsed: number): string {
  const speed = read / Math.max(elapsed / 1000, 0.001);
  const rate = `${megabytes(speed)} MB/s`;
  // A file that somebody writes to may have more by now.
  if (total === undefined || total < read) return `${megabytes(read)} MB, ${rate}`;
  const share = total === 0 ? 1 : read / total;
  const filled = Math.round(share * BAR);
  const bar = `[${'#'.repeat(filled)}${'·'.repeat(BAR - filled)}]`;
  const left = formatDuration(Math.ceil((total - read) / speed));
  return `${bar} ${Math.floor(share * 100)} % ${megabytes(read)} of ${megabytes(total)} MB, ${rate}, ${left} left`;
}

/** The length of a file that is read from its beginning to its end; undefined for others. */
export async function lengthOf(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined; // reading it says why
  }
}

function megabytes(octets: number): string {
  const value = octets / 1e6;
  return value.toFixed(value < 100 ? 1 : 0);
}
