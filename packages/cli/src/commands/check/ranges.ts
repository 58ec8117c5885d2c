import { UsageError } from '@ubmsc/base';
import { measurements, snakeCase, type Measurement } from '@ubmsc/protocol';

/** A range of a measurement, as in the guidelines for plugins of Nagios. */
export interface Range {
  /** The name of the measurement, in snake_case. */
  readonly name: string;
  /** The text of the range. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** What is inside is not well; otherwise what is outside. */
  readonly inverted: boolean;
}

/** Those that are numbers or switches. */
const names: ReadonlySet<string> = new Set(
  Object.entries<Measurement>(measurements.cellData).flatMap(([name, { kind }]) =>
    kind === 'text' || kind === 'alarms' ? [] : [snakeCase(name)],
  ),
);

/**
 * Ranges of texts such as `remain_percent=20:`. Of one measurement the last counts.
 * @throws {UsageError} one is not a range, or not of a measurement.
 */
export function rangesOf(texts: readonly string[]): readonly Range[] {
  return [...new Map(texts.map((text) => [text.split('=')[0], rangeOf(text)])).values()];
}

function rangeOf(given: string): Range {
  const [, name = '', text = ''] = /^(\w+)=(.+)$/.exec(given) ?? [];
  if (!names.has(name))
    throw new UsageError(
      `${JSON.stringify(given)} is not of a measurement`,
      `write NAME=RANGE, such as remain_percent=20:, with one of ${[...names].join(', ')}`,
    );
  const [, at, start, end] = /^(@?)(?:(~|-?[\d.]+)?:)?(-?[\d.]+)?$/.exec(text) ?? [];
  const from = start === undefined ? 0 : start === '~' ? -Infinity : Number(start);
  const to = end === undefined ? Infinity : Number(end);
  if (at === undefined || !(from <= to) || text === '@')
    throw new UsageError(`${JSON.stringify(text)} is not a range`, 'write 20: or 50 or 5:40 or @1:5');
  return { name, text, from, to, inverted: at === '@' };
}

/** Whether a value is well. */
export function isWell({ from, to, inverted }: Range, value: number): boolean {
  return (value >= from && value <= to) !== inverted;
}
