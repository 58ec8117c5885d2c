import { parseDuration } from '@ubmsc/base';
import { InvalidArgumentError } from 'commander';
import { LONGEST } from './options.ts';

/** For an option that may be given more than once. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

/** For an option whose value is a time: `500ms`, `30s`, `10m`, `2h`, `1d`, or a number of seconds. In seconds. */
export function duration(text: string): number {
  const time = parseDuration(text, 1);
  if (time !== undefined && time > 0 && time <= LONGEST) return time;
  throw new InvalidArgumentError('It is not a time, such as 30s, 10m or 2h.');
}

const octets: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };

/** For an option whose value is a size: `500k`, `10M`, `1G`, or a number of octets. In octets, 1000 at least. */
export function size(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([kMG])?B?$/.exec(text.trim()) ?? [];
  const value = Number(digits) * (octets[unit] ?? 1);
  if (digits !== '' && value >= 1000 && value <= 1e12) return value;
  throw new InvalidArgumentError('It is not a size of 1k or more, such as 500k, 10M or 1G.');
}

/** For an option whose value is a number in a range. */
export function number(range: {
  readonly from: number;
  readonly to: number;
  readonly whole?: true;
}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const fits = text.trim() !== '' && value >= range.from && value <= range.to;
    if (fits && (!range.whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(
      `It is not a ${range.whole ? 'whole ' : ''}number from ${range.from} to ${range.to}.`,
    );
  };
}
