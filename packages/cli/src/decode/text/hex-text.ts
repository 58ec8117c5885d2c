/**
 * What is written with hexadecimal digits but is not data: colours of a terminal, dates and times, addresses, UUIDs,
 * comments, lengths, indexes, time stamps. Each pattern leaves data alone that is written with the same separators.
 */
const noise: readonly RegExp[] = [
  // oxlint-disable-next-line no-control-regex -- colours begin with ESC
  /\u001b\[[0-9;]*[a-z]/gi,
  /(?<![\w.:-])\d{4}([-/.])\d{2}\1\d{2}(?:(?:T|[ ,_]+)\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w:-])/gi,
  /(?<![\w.:-])\d{2}([./-])\d{2}\1\d{4}(?![\w.:-])/g,
  /(?<![\w.:-])\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?(?![\w-]|:\w)/g,
  /^[^\w]*\d{1,2}:\d{2}(?=\s+\S)/g,
  /(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?!\w|:\w)/gi,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  /\/\*.*?\*\//g,
  /[([]\s*\d{1,6}\s*(?:bytes?)?\s*[)\]]/gi,
  /\blen(?:gth)?\W{0,3}\d{1,6}\b/gi,
  /(?<![0-9a-f][\s,:.-])\b\d{1,6}\s*bytes?\b/gi,
  /^[^\w]*1[4-9]\d{8}(?:\d{3}|\d{6})?(?:\.\d+)?(?=[^\w.]+\w)/g,
];

/** The line with blanks in place of what only looks like bytes, so that columns stay where they are. */
export function withoutNoise(line: string): string {
  return noise.reduce((text, pattern) => text.replace(pattern, (found) => ' '.repeat(found.length)), line);
}

/** Bytes in hexadecimal that stand side by side. */
interface Run {
  readonly bytes: number[];
  /** Each token is one byte, rather than several written together. */
  readonly single: boolean;
  /** Each token begins with `0x`. */
  readonly prefixed: boolean;
  /** Nothing but a separator is between it and the run before. */
  readonly follows: boolean;
  tokens: number;
}

/** Fewer bytes among words are numbers. No notification of a battery has fewer. */
const FEWEST = 4;

const token = /(?<![0-9a-z_])(0x)?((?:[0-9a-f]{2})+)(?![0-9a-z_])|\\+x([0-9a-f]{2})/gi;

const separator = /^(?:\s*[,;:.|-]?\s*)$/;

/** What may stand beside the bytes on a line that has nothing else. */
const frills = /^[\s,;:.|_{}()[\]<>"'=\\/+*-]*$/;

/**
 * The bytes that a line of text shows in hexadecimal, whatever separates them. Beside words, only what is long enough
 * to be data counts; what follows two blanks with a character for each byte is the same once more, as text.
 */
export function hexBytes(line: string): number[] {
  const runs: Run[] = [];
  let pure = true;
  let end = 0;
  for (const match of line.matchAll(token)) {
    const [text, prefix, digits = '', escaped] = match;
    const between = line.slice(end, match.index);
    const last = runs.at(-1);
    if (last && isGutter(line.slice(end), last.bytes.length)) {
      end = line.length;
      break;
    }
    pure &&= frills.test(between);
    end = match.index + text.length;
    const bytes = bytesOf(escaped ?? digits);
    const single = bytes.length === 1;
    const prefixed = prefix !== undefined;
    const follows = last !== undefined && separator.test(between);
    if (follows && last.single === single && last.prefixed === prefixed) {
      for (const byte of bytes) last.bytes.push(byte);
      last.tokens++;
    } else {
      runs.push({ bytes, single, prefixed, follows, tokens: 1 });
    }
  }
  const last = runs.at(-1);
  const rest = line.slice(end);
  pure &&= frills.test(rest) || (last !== undefined && isGutter(rest, last.bytes.length));
  if (pure) return runs.flatMap(({ bytes }) => bytes);
  const long = withoutAddresses(withTails(runs).filter(({ bytes }) => bytes.length >= FEWEST));
  return long.flatMap(({ bytes }) => bytes);
}

/** A dump in groups of two or four bytes ends in a single one when the count is odd. */
function withTails(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last && !last.single && last.tokens > 1 && run.follows && run.single && run.tokens === 1) {
      last.bytes.push(...run.bytes);
    } else {
      joined.push(run);
    }
  }
  return joined;
}

/** `0x3ffb1230` beside other bytes says where they are. */
function withoutAddresses(runs: readonly Run[]): readonly Run[] {
  const others = runs.filter(
    ({ prefixed, tokens, bytes }) => !(prefixed && tokens === 1 && bytes.length <= FEWEST),
  );
  return others.length > 0 ? others : runs;
}

/** A short row at the end of a dump has as many blanks as the bytes take that it lacks. */
const WIDEST_GAP = 256;

/**
 * Whether a dump shows its bytes once more as text here, with one character for each byte: between two marks, or
 * after at least two blanks.
 */
function isGutter(rest: string, count: number): boolean {
  if (!/^\s/.test(rest) || rest.length > WIDEST_GAP + count + 2) return false;
  // What is shown may begin and end with blanks, so it is measured from the end; blanks may follow it, too.
  return [rest, rest.trimEnd()].some((text) => {
    const [marked, plain] = [text.slice(-count - 2), text.slice(-count)];
    const isBlank = (length: number): boolean => text.slice(0, Math.max(0, length)).trim() === '';
    if (
      text.length > marked.length &&
      isBlank(text.length - marked.length) &&
      /^(?:\|.*\||>.*<)$/.test(marked)
    )
      return true;
    const isHex = /^(?:[0-9a-f]{2} )+[0-9a-f]{2}$/i.test(plain);
    return text.length >= count + 2 && isBlank(text.length - count) && !isHex;
  });
}

function bytesOf(digits: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < digits.length; at += 2) bytes.push(parseInt(digits.slice(at, at + 2), 16));
  return bytes;
}
