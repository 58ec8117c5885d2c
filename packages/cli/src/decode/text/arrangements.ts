import { withoutNoise } from './hex-text.ts';
import { Unwrap } from './unwrap.ts';

/** A line, and of which part of the text it is. Each part is read on its own. */
export interface ArrangedLine {
  readonly part: string;
  readonly text: string;
}

/** Puts lines back into the order in which they were meant. */
export interface Arrangement {
  push(line: string): Iterable<ArrangedLine>;
  end(): Iterable<ArrangedLine>;
}

/** A way in which the lines of a text may not be as they were sent. */
interface ArrangementKind {
  /** Whether these lines look like it. `leftOver` where messages were found without it: bytes that are in none. */
  readonly mayBe: (lines: readonly string[], leftOver?: number) => boolean;
  readonly begin: () => Arrangement;
}

/** In a text that a terminal has cut, at least this share of lines is as long as the terminal was wide. */
const CUT_SHARE = 0.25;

/** In a text that has each line twice, at most this share of lines is left without the second ones. */
const ONCE_SHARE = 0.6;

/** A text of more senders has words that change before its data. */
const MOST_SENDERS = 16;

export const arrangements: readonly ArrangementKind[] = [
  {
    // Lines that are all of one length are rather of one kind.
    mayBe: (lines, leftOver) => {
      const share = Unwrap.shareOfFull(lines);
      return leftOver !== 0 && share >= CUT_SHARE && !(leftOver !== undefined && share === 1);
    },
    begin: () => {
      const unwrap = new Unwrap();
      const whole = (texts: readonly string[]): ArrangedLine[] => texts.map((text) => ({ part: '', text }));
      return { push: (line) => whole(unwrap.push(line)), end: () => whole(unwrap.end()) };
    },
  },
  {
    mayBe: (lines) => lines.length > 3 && lines.filter(oncePerPair()).length <= ONCE_SHARE * lines.length + 1,
    begin: () => {
      const once = oncePerPair();
      return { push: (text) => (once(text) ? [{ part: '', text }] : []), end: () => [] };
    },
  },
  ...[addressIn, wordsBefore].map((senderOf): ArrangementKind => ({
    mayBe: (lines) => {
      const senders = new Set(lines.map(senderOf));
      senders.delete('');
      return senders.size > 1 && senders.size <= MOST_SENDERS;
    },
    begin: () => {
      const senders = new Set<string>();
      let last = '';
      // The rest of a message may be on lines that do not name its sender.
      const push = (text: string): ArrangedLine[] => {
        const sender = senderOf(text);
        if (sender !== '' && senders.size < MOST_SENDERS) senders.add(sender);
        if (senders.has(sender)) last = sender;
        return [{ part: last, text }];
      };
      return { push, end: () => [] };
    },
  })),
];

/** Tells of each line whether it is not the second of a pair. */
function oncePerPair(): (line: string) => boolean {
  let before: string | undefined;
  return (line) => {
    const isSecond = isTwice(line, before);
    before = isSecond ? undefined : line;
    return !isSecond;
  };
}

/** The same but for its time. */
function isTwice(line: string, before: string | undefined): boolean {
  return line === before || (before?.length === line.length && withoutNoise(line) === withoutNoise(before));
}

/** The Bluetooth address in a line, however it is written. */
function addressIn(line: string): string {
  return (
    /(?<![0-9a-f])(?:[0-9a-f]{2}([:_-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2})(?!\1?[0-9a-f])/i.exec(line)?.[0] ?? ''
  );
}

/** Where the data of a line begins, more or less. */
const DATA = /(?:(?:0x)?[0-9a-f]{1,3}[\s,:;.-]+){4}|(?<!\w)[0-9a-f]{8,}|\\x[0-9a-f]{2}|\bb['"]/i;

/** What stands before the data of a line, but for times and counts; nothing where there is no data. */
function wordsBefore(line: string): string {
  const text = withoutNoise(line);
  const at = DATA.exec(text)?.index ?? 0;
  return text
    .slice(0, at)
    .replaceAll(/(?<![\w.])\d+[.,:]\d+\S*|(?<!\w)\d{4,}/g, '')
    .replaceAll(/\s+/g, ' ');
}
