import { UsageError, sanitize } from '@ubmsc/base';
import {
  eventSchemas,
  headerSchema,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type Recording,
  type RecordingEvent,
  type RecordingHeader,
} from './recording.ts';
import { fromHex } from '@ubmsc/protocol';
import { eventKinds, usualEvent } from './recording-lines.ts';
import { conforms, isObject, nonconformity } from './schema.ts';

/** Longest line, in octets. A header with every service of a server is far shorter. */
const LONGEST_LINE = 65_536;

const LINE_END = 0x0a;

const NOTHING = new Uint8Array();

/** Most lines without anything on them: no recorder writes one, and an endless input may have nothing else. */
const MOST_BLANK_LINES = 1000;

/**
 * Reads a recording however it comes in pieces. A last line that is torn is left out: a recorder may have been cut off
 * while it wrote. Everything else that is not a recording is a UsageError which names the line.
 */
export class RecordingReader {
  #rest: Uint8Array = NOTHING;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #line = 0;
  #blankLines = 0;
  #header: RecordingHeader | undefined;
  #latest = -Infinity;

  /** The first line, once it has come. */
  get header(): RecordingHeader | undefined {
    return this.#header;
  }

  /** Takes the next piece of text, or of its octets in UTF-8; returns the events of the lines that it completes. */
  push(piece: string | Uint8Array): RecordingEvent[] {
    const octets = typeof piece === 'string' ? Buffer.from(piece) : piece;
    const events: RecordingEvent[] = [];
    let start = 0;
    for (let end = octets.indexOf(LINE_END); end >= 0; end = octets.indexOf(LINE_END, start)) {
      const event = this.#rest.length === 0 ? this.#takeUsual(octets, start, end) : undefined;
      if (event) events.push(event);
      else events.push(...this.#take(this.#withRest(octets.subarray(start, end))));
      this.#rest = NOTHING;
      start = end + 1;
    }
    this.#rest = this.#withRest(octets.subarray(start));
    if (this.#rest.length > LONGEST_LINE) throw this.#wrong('it is too long');
    return events;
  }

  /** What came before of a line, and what goes on with it. */
  #withRest(octets: Uint8Array): Uint8Array {
    return this.#rest.length === 0 && octets.length === 0 ? NOTHING : Buffer.concat([this.#rest, octets]);
  }

  /** Ends the recording. Returns the event of a last line without an end of line, and whether it is torn instead. */
  end(): { readonly events: readonly RecordingEvent[]; readonly isTorn: boolean } {
    const octets = this.#rest;
    const rest = this.#decoder.decode(octets);
    this.#rest = NOTHING;
    if (this.#header === undefined && rest === '' && this.#line === 0) {
      throw new UsageError('the recording is empty', 'give a file that ubmsc record has written');
    }
    const isWhole = rest === '' || isJson(rest);
    const events = isWhole ? this.#take(octets) : [];
    if (this.#header === undefined) throw this.#noRecording();
    return { events, isTorn: !isWhole };
  }

  /** The event of a line that is written as ours are; undefined for any other line. */
  #takeUsual(text: Uint8Array, start: number, end: number): RecordingEvent | undefined {
    const event = this.#header && usualEvent(text, start, end);
    if (!event) return undefined;
    this.#line++;
    return this.#inOrder(event);
  }

  #take(octets: Uint8Array): RecordingEvent[] {
    this.#line++;
    if (octets.length > LONGEST_LINE) throw this.#wrong('it is too long');
    const line = this.#decoder.decode(octets);
    if (line.trim() === '') {
      if (++this.#blankLines > MOST_BLANK_LINES) throw this.#wrong('there are too many blank lines');
      return [];
    }
    const value = parseJson(line);
    if (this.#header === undefined) {
      this.#header = this.#headerOf(value);
      return [];
    }
    if (!isObject(value)) throw this.#wrong('it is not an object of JSON');
    const kind = eventKinds.find((name) => Object.hasOwn(value, name));
    if (kind === undefined) throw this.#wrong(`it has none of ${eventKinds.join(', ')}`);
    const event = eventOf(kind, value);
    if (typeof event === 'string') throw this.#wrong(event);
    return [this.#inOrder(event)];
  }

  #inOrder(event: RecordingEvent): RecordingEvent {
    if (event.ms < this.#latest) throw this.#wrong('ms steps back');
    this.#latest = event.ms;
    return event;
  }

  #headerOf(value: unknown): RecordingHeader {
    if (!isObject(value) || value['format'] !== RECORDING_FORMAT) throw this.#noRecording();
    const { version } = value;
    if (typeof version === 'number' && version > RECORDING_VERSION) {
      throw new UsageError(
        `the recording has version ${version}, and ${RECORDING_VERSION} is the newest that is understood`,
        'read it with a newer ubmsc',
      );
    }
    if (conforms(headerSchema, value)) return value;
    throw this.#wrong(nonconformity(headerSchema, value) ?? 'it is not a header');
  }

  #noRecording(): UsageError {
    return new UsageError(
      `it is not a recording: the first line has not "format":"${RECORDING_FORMAT}"`,
      'give a file that ubmsc record or ubmsc import has written',
    );
  }

  #wrong(what: string): UsageError {
    return new UsageError(
      `line ${this.#line} of the recording is wrong: ${sanitize(what)}`,
      'mend the line, or take it out',
    );
  }
}

/** Reads a whole recording; see {@link RecordingReader}. */
export function parseRecording(text: string): Recording & { readonly isTorn: boolean } {
  const reader = new RecordingReader();
  const events = reader.push(text);
  const { events: last, isTorn } = reader.end();
  const { header } = reader;
  if (header === undefined) throw new TypeError('a recording that was read has a header');
  return { header, events: [...events, ...last], isTorn };
}

function eventOf(
  kind: (typeof eventKinds)[number],
  value: Readonly<Record<string, unknown>>,
): RecordingEvent | string {
  switch (kind) {
    case 'notify':
      if (!conforms(eventSchemas.notify, value)) break;
      return { ms: value.ms, kind, bytes: fromHex(value.notify) };
    case 'write':
      if (!conforms(eventSchemas.write, value)) break;
      return { ms: value.ms, kind, bytes: fromHex(value.write) };
    case 'state':
      if (!conforms(eventSchemas.state, value)) break;
      return {
        ms: value.ms,
        kind,
        state: value.state,
        ...(value.reason !== undefined && { reason: value.reason }),
      };
  }
  return nonconformity(eventSchemas[kind], value) ?? 'it is not an event';
}

function isJson(text: string): boolean {
  return parseJson(text) !== undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
