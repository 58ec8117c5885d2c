/** Fewer numbers in brackets are rather something else. */
const ENOUGH = 8;

/**
 * Bytes of a list of decimal numbers, as programs print an array: `[85, 170, 235, 144]`, `{"data":[85,170]}`. Undefined
 * when the line has none: numbers of two digits each may as well be hexadecimal.
 */
export function decimalBytes(line: string): number[] | undefined {
  const [, list = ''] = /\[([\d,\s]+)\]?/.exec(line) ?? [];
  const numbers = list.split(',').map((number) => number.trim());
  if (numbers.at(-1) === '') numbers.pop();
  if (
    numbers.length < ENOUGH ||
    !numbers.every((number) => /^\d{1,3}$/.test(number) && Number(number) <= 255)
  ) {
    return undefined;
  }
  return numbers.every((number) => number.length === 2) ? undefined : numbers.map(Number);
}
