import {
  decodeField,
  decodeText,
  numberSizes,
  type AnyFieldValue,
  type Field,
  type NumberField,
  type NumberType,
} from './field.ts';

/** Decodes the fields of one layout. */
export type Decoder = (bytes: Uint8Array) => Readonly<Record<string, AnyFieldValue>>;

type Fields = Readonly<Record<string, Field>>;

/**
 * A decoder for these fields: straight-line code made from the rows, some fifty times as fast as walking them.
 * Where code may not be made from text (a browser's content security policy), it walks the rows.
 */
export function specialise(fields: Fields): Decoder {
  return made(`return ${objectSource(fields, 0)};`, (bytes) => {
    const view = viewOf(bytes);
    return Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, decodeField(field, bytes, view)]),
    );
  });
}

/** Whether one of these numbers is out of its range; made in the same way. */
export function specialiseRanges(
  limits: readonly { readonly field: NumberField; readonly range: readonly [number, number] }[],
): (bytes: Uint8Array) => boolean {
  const tests = limits.map(
    ({ field, range: [least, most] }) =>
      `(value = ${numberSource(field, field.at)}) !== null && (value < ${least} || value > ${most})`,
  );
  return made(`let value; return ${tests.join(' || ') || 'false'};`, (bytes) => {
    const view = viewOf(bytes);
    return limits.some(({ field, range: [least, most] }) => {
      const value = decodeField(field, bytes, view);
      return typeof value === 'number' && (value < least || value > most);
    });
  });
}

/** The function of the bytes of a record with this body; `walk` where code may not be made from text. */
function made<T extends (bytes: Uint8Array) => unknown>(body: string, walk: T): T {
  return madeFrom('bytes', `let raw, view; ${body}`, { decodeText }, walk);
}

/**
 * A function with these parameters and this body, which calls helpers by name and does what `walk` does; `walk` where code
 * may not be made from text. The bodies are made of the program's own literals, so no text from outside ever becomes code.
 */
export function madeFrom<T extends (...parameters: never) => unknown>(
  parameters: string,
  body: string,
  helpers: Readonly<Record<string, unknown>>,
  walk: T,
): T {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- see above
    const make: unknown = new Function(...Object.keys(helpers), `return (${parameters}) => { ${body} };`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the body does what `walk` does
    return typeof make === 'function' ? (make(...Object.values(helpers)) as T) : walk;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return walk;
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Source that makes a list of the slots that are used, of which `used` says how many these are. */
export function usedListSource(list: string, { at, count = 0, ...field }: NumberField): string {
  return `const ${list} = new Array(Math.min(used, ${count}));
    for (let index = 0; index < ${list}.length; index++) {
      const at = ${at} + ${numberSizes[field.type]} * index;
      ${list}[index] = ${numberSource({ at, ...field }, 'at')};
    }`;
}

function objectSource(fields: Fields, start: number): string {
  return `{${Object.entries(fields)
    .map(([name, field]) => `${JSON.stringify(name)}: ${fieldSource(field, start + field.at)}`)
    .join(', ')}}`;
}

function fieldSource(field: Field, at: number): string {
  switch (field.type) {
    case 'text':
      return `decodeText(bytes, ${at}, ${field.size})`;
    case 'bytes':
      return `bytes.slice(${at}, ${at + field.size})`;
    case 'struct':
      return listSource(field.count, (index) => objectSource(field.fields, at + index * field.size));
    default:
      return field.count === undefined
        ? numberSource(field, at)
        : listSource(field.count, (index) => numberSource(field, at + index * numberSizes[field.type]));
  }
}

function listSource(count: number, element: (index: number) => string): string {
  return `[${Array.from({ length: count }, (_, index) => element(index)).join(', ')}]`;
}

/** Where a number is: an offset, or the name of a variable that has one. */
export type Place = number | string;

/** Integers are put together from bytes: that is faster than a view, which only floats need. */
const readers: Readonly<Record<NumberType, (at: Place) => string>> = {
  u8: (at) => byteSource(at, 0),
  i8: (at) => `(${byteSource(at, 0)} << 24 >> 24)`,
  u16: (at) => `(${byteSource(at, 0)} | ${byteSource(at, 1)} << 8)`,
  i16: (at) => `((${byteSource(at, 0)} << 16 | ${byteSource(at, 1)} << 24) >> 16)`,
  u32: (at) => `((${bitsSource(at)}) >>> 0)`,
  i32: (at) => `(${bitsSource(at)})`,
  f32: (at) => `${VIEW}.getFloat32(${at}, true)`,
  f64: (at) => `${VIEW}.getFloat64(${at}, true)`,
};

const VIEW = '(view ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))';

const byteSource = (at: Place, index: number): string =>
  typeof at === 'number' ? `bytes[${at + index}]` : `bytes[${at} + ${index}]`;

const bitsSource = (at: Place): string =>
  [0, 1, 2, 3].map((index) => `${byteSource(at, index)} << ${8 * index}`).join(' | ');

/** Source of the value of a number at a place in `bytes`; it needs the variables `raw` and `view`. */
export function numberSource({ type, divisor, absent }: NumberField, at: Place): string {
  const raw = readers[type](at);
  const scaled = (source: string): string => (divisor === undefined ? source : `${source} / ${divisor}`);
  return absent === undefined ? scaled(raw) : `((raw = ${raw}) === ${absent} ? null : ${scaled('raw')})`;
}
