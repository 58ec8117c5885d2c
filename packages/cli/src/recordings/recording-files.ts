import { createWriteStream, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { errorCode, fileProblem, UsageError } from '@ubmsc/base';
import type { RecordingHeader } from '@ubmsc/recording';
import { isBrokenPipe } from '../output.ts';

/** So many characters are gathered before they are written. */
const BLOCK = 32_768;

/** Most recordings of one run: a damaged capture must not fill a disk with files. */
const MOST_FILES = 10_000;

export interface RecordingFilesOptions {
  /** A folder, a file, or `-` for standard output; the current folder when left out. */
  readonly output?: string | undefined;
  /** Writes over files that are there. */
  readonly force?: boolean | undefined;
}

/** The text of one recording on its way into its file, packed by gzip where that is called `.gz`. */
export class RecordingFile {
  readonly name: string;
  readonly #stream: Writable;
  #text = '';

  constructor(name: string, stream: Writable) {
    this.name = name;
    this.#stream = stream;
    stream.on('error', () => {}); // each write tells of it
  }

  write(text: string): void {
    this.#text += text;
  }

  /** Resolves when most of the text was written. Rejects with a UsageError when it cannot be written. */
  async flush(least = BLOCK): Promise<void> {
    if (this.#text.length < least) return;
    // Each block is a member of its own (RFC 1952, 2.2): what is cut off spoils no other.
    const text = this.name.endsWith('.gz') ? gzipSync(this.#text) : this.#text;
    this.#text = '';
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(text, (error) => {
        // Who reads standard output may have had enough.
        if (error && !isBrokenPipe(error)) reject(cannotWrite(this.name, error));
        else resolve();
      });
    });
  }

  /** Resolves when everything was written. Rejects with a UsageError when it cannot be. */
  async close(): Promise<void> {
    await this.flush(1);
    if (this.#stream === process.stdout) return;
    await new Promise<void>((resolve) => this.#stream.end(resolve));
  }
}

/** Where recordings go: names their files, and opens them so that nothing is written over unless that is asked for. */
export class RecordingFiles {
  readonly #options: RecordingFilesOptions;
  readonly #folder: string | undefined;
  readonly #taken = new Set<string>();

  /** @throws {UsageError} there is no such folder, and it cannot be made; or the file is there already. */
  constructor(options: RecordingFilesOptions) {
    const { output, force } = options;
    this.#options = options;
    this.#folder = folderOf(output);
    if (this.#folder === undefined && output !== undefined && output !== '-' && !force && existsSync(output))
      throw isThere(output);
  }

  /** @throws {UsageError} the file is there already, or cannot be written. */
  open(header: RecordingHeader): RecordingFile {
    const { output, force } = this.#options;
    if (this.#taken.size >= MOST_FILES) {
      throw new UsageError(
        `there are more than ${MOST_FILES} sessions`,
        'cut the capture into several, or have it looked at: it may be damaged',
      );
    }
    if (output === '-') return this.#standardOutput();
    const path = this.#free(this.#folder === undefined ? (output ?? '') : join(this.#folder, nameOf(header)));
    this.#taken.add(path);
    try {
      return new RecordingFile(
        path,
        // One that is over survives a loss of power: nobody can record it again.
        createWriteStream('', { fd: openSync(path, force ? 'w' : 'wx', 0o600), flush: true }),
      );
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  /** Removes a file that this run has written. */
  async remove(name: string): Promise<void> {
    await rm(name, { force: true });
  }

  #standardOutput(): RecordingFile {
    if (this.#taken.size > 0) {
      throw new UsageError(
        'the capture has several sessions, and standard output takes one',
        'give --output a folder',
      );
    }
    this.#taken.add('-');
    return new RecordingFile('standard output', process.stdout);
  }

  /** With a number after it where another recording of this run has the name. */
  #free(path: string): string {
    const ending = /(\.\w+)?\.gz$|\.\w+$/.exec(path)?.[0] ?? '';
    const stem = path.slice(0, path.length - ending.length);
    let free = path;
    for (let number = 2; this.#taken.has(free); number++) free = `${stem}-${number}${ending}`;
    return free;
  }
}

/** Name and beginning of the session: `UPS_BMS-20250304T050607Z.jsonl`. */
function nameOf({ device, started }: RecordingHeader): string {
  // Names come over the air: they must be no path, nothing hidden, no option, and fit every file system.
  const name = (device.name ?? device.address?.replaceAll(':', '') ?? '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^[._-]+/, '')
    .slice(0, 40);
  return `${name || 'battery'}-${started.replace(/\.\d+|[-:]/g, '')}.jsonl`;
}

function folderOf(output: string | undefined): string | undefined {
  if (output === undefined) return '.';
  const isFolder = existsSync(output) ? statSync(output).isDirectory() : /[\\/]$/.test(output);
  if (!isFolder || output === '-') return undefined;
  try {
    mkdirSync(output, { recursive: true });
  } catch (error) {
    throw cannotWrite(output, error);
  }
  return output;
}

function isThere(path: string, cause?: unknown): UsageError {
  return new UsageError(`${path} is there already`, 'give --force to write over it, or another --output', {
    cause,
  });
}

function cannotWrite(path: string, cause: unknown): UsageError {
  if (errorCode(cause) === 'EEXIST') return isThere(path, cause);
  const hint = 'give --output a folder where you may write';
  const problem = fileProblem(`the recording ${path}`, 'written', cause, { denied: hint, unusable: hint });
  return new UsageError(...problem, { cause });
}
