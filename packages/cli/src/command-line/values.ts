import { InvalidArgumentError } from 'commander';

/** For an option that may be given more than once. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
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
