import { createReadStream } from 'node:fs';
import { addAbortSignal, pipeline, Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { UsageError } from '@ubmsc/base';

/** What is wrong with an input, by the code of the system's or of zlib's error. */
const problems: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  ENOENT: ['there is no such file', 'give the path of a file, or - for standard input'],
  ENOTDIR: ['there is no such file', 'give the path of a file, or - for standard input'],
  EISDIR: ['it is a directory', 'give the path of a file in it'],
  EACCES: ['it may not be read', 'ask its owner for permission'],
  EPERM: ['it may not be read', 'ask its owner for permission'],
  Z_DATA_ERROR: ['its gzip data is damaged', 'copy it again, or unpack it as far as that goes'],
};

/** How much is read of a file at once, in octets: each piece is waited for, and what is made of it is written before the next. */
const CHUNK = 131_072;

/** The first octets of gzip (RFC 1952, 2.3.1), with the only method of compression that there is. */
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/**
 * The bytes of a file, or of standard input for `-`, as they come; those of gzip unpacked, as far as they are there.
 * `onRead` is told of the octets of the file that were read. Throws a UsageError when they cannot be read, and the
 * reason of the signal when it aborts.
 */
export async function* readInput(
  file: string,
  signal: AbortSignal,
  onRead?: (octets: number) => void,
): AsyncGenerator<Uint8Array> {
  const stream: Readable = addAbortSignal(
    signal,
    file === '-' ? process.stdin : createReadStream(file, { highWaterMark: CHUNK }),
  );
  try {
    yield* unpacked(chunksOf(stream, onRead));
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const name = file === '-' ? 'standard input' : JSON.stringify(file);
    const [problem, hint] = problems[code] ?? [
      `reading fails with ${code}`,
      'copy it elsewhere and try again',
    ];
    throw new UsageError(`cannot read ${name}: ${problem}`, hint, { cause: error });
  }
}

/**
 * The same as text; undefined where it has more bytes than `most`. The mark with which editors on Windows begin a file is
 * left out.
 */
export async function readText(file: string, signal: AbortSignal, most: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readInput(file, signal)) {
    length += chunk.length;
    if (length > most) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

async function* chunksOf(stream: Readable, onRead?: (octets: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue;
    onRead?.(chunk.length);
    yield chunk;
  }
}

/** What is not gzip comes back as it is. */
async function* unpacked(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let beginning: Uint8Array = new Uint8Array();
  while (beginning.length < GZIP.length) {
    const { value, done } = await chunks.next();
    if (done) break;
    beginning = beginning.length === 0 ? value : Buffer.concat([beginning, value]);
  }
  const all = joined(beginning, chunks);
  if (!GZIP.equals(beginning.subarray(0, GZIP.length))) {
    yield* all;
    return;
  }
  // A file that is cut off is not an error: what was packed before the cut is given.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  yield* chunksOf(pipeline(Readable.from(all), gunzip, () => {}));
}

async function* joined(beginning: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (beginning.length > 0) yield beginning;
  yield* rest;
}
