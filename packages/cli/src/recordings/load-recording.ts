import { excerpt, RecordingReader, type Recording, type RecordingEvent } from '@ubmsc/recording';
import { UsageError } from '@ubmsc/base';
import { announce } from '../output.ts';
import { readInput } from '../read-input.ts';

/** Most events that are kept of a recording: about a day of a battery that notifies in pieces of 128 bytes. */
const MOST_EVENTS = 1_500_000;

/** Longest report, in characters. */
const LONGEST_REPORT = 50_000_000;

/** The first line of a report, see `ubmsc report`, in which a recording stands between fences of Markdown. */
export const REPORT_TITLE = '# ubmsc report';

/** What a report has before the recording, and after it. */
const FENCES = ['```jsonl\n', '\n```'] as const;

/** Where in a recording to begin and to end, in seconds. */
export interface Range {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * Reads a recording from a file, or from standard input for `-`. A last line that is torn is left out with a word on
 * standard error. Throws a UsageError when it cannot be read, is not a recording, or has nothing in the range.
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
        'record with --rotate-time, and replay one of the parts',
      );
    }
    for (const event of more) events.push(event);
  };
  try {
    for await (const text of recordingText(file, signal)) take(reader.push(text));
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
  if (to <= from)
    throw new UsageError(
      `nothing of ${file} is played from ${from} s to ${to} s`,
      'give an end after the beginning',
    );
  const seconds = (events.at(-1)?.ms ?? 0) / 1000;
  if (from > seconds)
    throw new UsageError(`${file} has ${seconds.toFixed(1)} s, nothing from ${from} s on`, 'begin earlier');
  return excerpt({ header, events }, from * 1000, to * 1000);
}

/** The text of a recording in a file, in a report, or on standard input for `-`, as it comes. */
export function recordingText(file: string, signal: AbortSignal): AsyncGenerator<string> {
  return recordingIn(textOf(file, signal));
}

/** The text as it is, or of a report the recording in it. */
async function* recordingIn(texts: AsyncGenerator<string>): AsyncGenerator<string> {
  let beginning = '';
  while (beginning.length < REPORT_TITLE.length) {
    const { value, done } = await texts.next(); // a loop that is left would close them
    if (done) break;
    beginning += value;
  }
  if (!beginning.startsWith(REPORT_TITLE)) {
    yield beginning;
    yield* texts;
    return;
  }
  // A report is short: somebody shall read it.
  let whole = beginning;
  for await (const text of texts) {
    whole += text;
    if (whole.length > LONGEST_REPORT)
      throw new UsageError('the report is too long', 'give the recording alone');
  }
  const [, recording = ''] = whole.split(FENCES[0]);
  yield recording.split(FENCES[1], 1)[0] ?? '';
}

async function* textOf(file: string, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of readInput(file, signal)) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}
