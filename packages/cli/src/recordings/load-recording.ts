import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { excerpt, RecordingReader, UsageError, type Recording, type RecordingEvent } from '@ubmsc/protocol';
import { announce } from '../output.ts';
import { readInput } from '../read-input.ts';

/** Most events that are kept of a recording: about a day of a battery that notifies in pieces of 128 bytes. */
const MOST_EVENTS = 1_500_000;

/** First octets of gzip (RFC 1952, 2.3.1). */
const GZIP = [0x1f, 0x8b];

/** Where in a recording to begin and to end, in seconds. */
export interface Range {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * Reads a recording from a file, or from standard input for `-`; gzip is told by how it begins. A last line that is
 * torn is left out with a word on standard error. Throws a UsageError when it cannot be read, or is no recording.
 */
export async function loadRecording(
  file: string,
  signal: AbortSignal,
  range: Range = {},
): Promise<Recording> {
  const reader = new RecordingReader();
  const events: RecordingEvent[] = [];
  const take = (more: readonly RecordingEvent[]): void => {
    if (events.length + more.length > MOST_EVENTS) {
      throw new UsageError(
        `${file} has more than ${MOST_EVENTS} events`,
        'record with --rotate, and replay one of the parts',
      );
    }
    for (const event of more) events.push(event);
  };
  try {
    for await (const text of textOf(file, signal)) take(reader.push(text));
    const { events: last, isTorn } = reader.end();
    take(last);
    if (isTorn) announce(`${file} was cut off: its last line is left out`);
  } catch (error) {
    if (!(error instanceof UsageError) || error.message.includes(file)) throw error;
    throw new UsageError(`${file}: ${error.message}`, error.hint, { cause: error });
  }
  const { header } = reader;
  if (header === undefined) throw new TypeError('a recording that was read has a header');
  const { from = 0, to = Infinity } = range;
  return excerpt({ header, events }, from * 1000, to * 1000);
}

async function* textOf(file: string, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of plain(readInput(file, signal), signal))
    yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** The bytes as they are, or what gzip has made smaller. */
async function* plain(source: AsyncGenerator<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const first = await source.next();
  if (first.done) return;
  const all = (async function* () {
    yield first.value;
    yield* source;
  })();
  if (!GZIP.every((octet, index) => first.value[index] === octet)) {
    yield* all;
    return;
  }
  const gunzip = Readable.from(all).pipe(createGunzip());
  try {
    for await (const chunk of gunzip) {
      signal.throwIfAborted();
      if (chunk instanceof Uint8Array) yield chunk;
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(
      'its gzip is damaged, or was cut off',
      'unpack it with gzip -dc, and read what there is',
      {
        cause,
      },
    );
  }
}
