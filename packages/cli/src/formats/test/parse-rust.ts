import type { Scalar } from '../entry.ts';

export type RustValue = Scalar | readonly RustValue[] | RustStruct;

export interface RustStruct {
  readonly name: string;
  readonly fields: readonly (readonly [name: string, value: RustValue])[];
}

const token = /\s*([A-Za-z_]\w*|-?\d+(?:\.\d+)?(?:e-?\d+)?|"(?:[^"\\\n]|\\.)*"|\S)/y;

/** Parses what `{:?}` and `{:#?}` of Rust print, one value after the other. */
export function parseRust(source: string): RustValue[] {
  const tokens = [...source.trimEnd().matchAll(new RegExp(token, 'gy'))].map(([, text = '']) => text);
  let at = 0;

  const take = (expected?: string): string => {
    const text = tokens[at++] ?? '';
    if (text === '' || (expected !== undefined && text !== expected)) {
      throw new SyntaxError(`${expected ?? 'a value'} expected, not ${text} at ${at}`);
    }
    return text;
  };

  const items = <T>(close: string, item: () => T): T[] => {
    const list: T[] = [];
    while (tokens[at] !== close) {
      list.push(item());
      if (tokens[at] !== close) take(',');
    }
    take(close);
    return list;
  };

  const field = (): readonly [string, RustValue] => {
    const name = take();
    take(':');
    return [name, value()];
  };

  const value = (): RustValue => {
    const text = take();
    if (text === '[') return items(']', value);
    if (text.startsWith('"')) return unquote(text);
    if (text === 'None') return null;
    if (text === 'true' || text === 'false') return text === 'true';
    if (/^[-\d]/.test(text)) return Number(text);
    take('{');
    return { name: text, fields: items('}', field) };
  };

  const values: RustValue[] = [];
  while (at < tokens.length) values.push(value());
  return values;
}

const unescaped: Readonly<Record<string, string>> = {
  '0': '\0',
  t: '\t',
  r: '\r',
  n: '\n',
  '"': '"',
  '\\': '\\',
};

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(?:u\{([0-9a-f]{1,6})\}|(.))/g, (_, code?: string, escape = '') => {
    const character =
      code === undefined ? unescaped[String(escape)] : String.fromCodePoint(parseInt(code, 16));
    if (character === undefined) throw new SyntaxError(`no escape of Rust: ${text}`);
    return character;
  });
}
