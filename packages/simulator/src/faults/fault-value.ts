import { alarms, cellDataJk02_32s, type AlarmName } from '@ubmsc/protocol';

/** What can be written after the name of a fault. */
export interface ValueKind<Value> {
  /** How it is written, such as `SECONDS` or `ant|uart`. */
  readonly form: string;
  /** What it has to be, where `form` does not say all. */
  readonly range?: string;
  /** The value of a text, or undefined when it is not valid. */
  parse(text: string): Value | undefined;
}

/** A number in a range, with this meaning. */
export function number(form: string, from: number, to: number): ValueKind<number> {
  return {
    form,
    range: `a number from ${from} to ${to}`,
    parse: (text) => {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      return value >= from && value <= to ? value : undefined;
    },
  };
}

/** A whole number in a range, with this meaning. */
export function count(form: string, from: number, to: number): ValueKind<number> {
  const any = number(form, from, to);
  return {
    form,
    range: `a whole number from ${from} to ${to}`,
    parse: (text) => {
      const value = any.parse(text);
      return Number.isInteger(value) ? value : undefined;
    },
  };
}

/** One of these words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): ValueKind<Word> {
  return { form: words.join('|'), parse: (text) => words.find((word) => word === text) };
}

/** Either kind. */
export function either<A, B>(first: ValueKind<A>, second: ValueKind<B>): ValueKind<A | B> {
  return {
    form: `${first.form}|${second.form}`,
    range: `${first.range ?? first.form}, or ${second.range ?? second.form}`,
    parse: (text) => first.parse(text) ?? second.parse(text),
  };
}

/** A text that fits into a scan response: at most 29 bytes. */
export const text: ValueKind<string> = {
  form: 'TEXT',
  range: 'at most 29 characters',
  parse: (value) => (value.length <= 29 ? value : undefined),
};

/** A text that fits into a version of the device info: at most 8 characters. */
export const shortText: ValueKind<string> = {
  form: 'TEXT',
  range: 'at most 8 characters',
  parse: (value) => (value.length <= 8 ? value : undefined),
};

/** A share of all, from 0 to 1. */
export const share = number('SHARE', 0, 1);

/** A value, and the share of all that has it: after a comma, or else this one. */
export function withShare<Value>(
  kind: ValueKind<Value>,
  standard: number,
): ValueKind<readonly [value: Value, share: number]> {
  return {
    form: `${kind.form}[,${share.form}]`,
    range: `${kind.range ?? kind.form}, or that with a comma and ${share.range ?? share.form}`,
    parse: (written) => {
      const [start = '', end, ...rest] = written.split(',');
      const value = kind.parse(start);
      const part = end === undefined ? standard : share.parse(end);
      return value === undefined || part === undefined || rest.length > 0 ? undefined : [value, part];
    },
  };
}

/** Time in s, at most a day. */
export const seconds = number('SECONDS', 0, 86_400);

/** Time in ms, at most a minute. */
export const milliseconds = number('MS', 0, 60_000);

/** How many records come before. */
export const records = count('RECORDS', 0, 1_000_000);

/** Name of a field of the 0x02 record, as `decode --explain` shows it. */
export const cellDataField: ValueKind<string> = {
  form: 'FIELD',
  range: 'a field of the cell data record such as packCurrent',
  parse: (name) => (Object.hasOwn(cellDataJk02_32s.fields, name) ? name : undefined),
};

const isAlarm = (name: string): name is AlarmName => Object.hasOwn(alarms, name);

/** Name of an alarm, as outputs show it. */
export const alarmName: ValueKind<AlarmName> = {
  form: 'ALARM',
  range: 'an alarm such as cellOverVoltage',
  parse: (name) => (isAlarm(name) ? name : undefined),
};
