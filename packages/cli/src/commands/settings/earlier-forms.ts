import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { parseDuration } from '@ubmsc/base';
import { isList, labelOf, type Entry, type Scalar, type Value } from '../../formats/index.ts';

/** What `ubmsc settings` said of one device: values by their names. */
export type SettingsDocument = Readonly<Record<string, Value>>;

/** A device as a file has it. */
export interface EarlierDevice {
  readonly device?: Value | undefined;
  readonly address?: Value | undefined;
  /** Its values. A form for people has no types: those of these entries count, which the device has now. */
  readonly valuesLike: (entries: readonly Entry[]) => SettingsDocument;
}

/** The devices in a text of any form that `ubmsc settings` prints; undefined when it is in none. */
export function devicesIn(text: string): readonly EarlierDevice[] | undefined {
  for (const form of forms) {
    const devices = form(text);
    if (devices !== undefined) return devices;
  }
  return undefined;
}

type Form = (text: string) => readonly EarlierDevice[] | undefined;

const forms: readonly Form[] = [
  documentForm((text) => JSON.parse(text)),
  documentForm((text) => parseToml(text)),
  documentForm((text) => parseYaml(text)),
  csvForm,
  textForm,
];

function documentForm(parse: (text: string) => unknown): Form {
  return (text) => {
    let parsed: unknown;
    try {
      parsed = parse(text);
    } catch {
      return undefined; // it is in another form, or in none
    }
    if (!isRecord(parsed)) return undefined;
    const { settings } = parsed;
    if (!Array.isArray(settings) || !settings.every(isSettings)) return undefined;
    return settings.map(({ device, address, ...values }) => ({ device, address, valuesLike: () => values }));
  };
}

function csvForm(text: string): readonly EarlierDevice[] | undefined {
  const [head, ...rows] = csvRows(text);
  if (!head?.includes('device') || !head.includes('variant')) return undefined;
  return rows
    .filter((cells) => cells.length === head.length)
    .map((cells) => {
      const byKey = new Map(head.map((key, column) => [key, cells[column] ?? '']));
      return {
        device: byKey.get('device'),
        address: byKey.get('address') || undefined,
        valuesLike: (entries) => Object.fromEntries(entries.flatMap((entry) => cellsLike(entry, byKey))),
      };
    });
}

/** Lists of numbers have a column for each place; names are one cell. */
function cellsLike(
  { key, value, display }: Entry,
  cells: ReadonlyMap<string, string>,
): (readonly [string, Value])[] {
  if (isList(value) && !display?.choices) {
    const places = [...cells.keys()].filter((each) => each.replace(/_\d+$/, '') === key && each !== key);
    if (places.length === 0) return [];
    const texts = places.map((place) => cells.get(place) ?? '').filter((each) => each !== '');
    return [[key, texts.map((each) => scalarLike(value[0] ?? 0, each))]];
  }
  const text = cells.get(key);
  if (text === undefined) return [];
  if (isList(value)) return [[key, text === '' ? [] : text.split(' ')]];
  return [[key, text === '' || typeof value === 'object' ? text || null : scalarLike(value, text)]];
}

/** A heading for each device, and lines `Label: value unit` below it. */
function textForm(text: string): readonly EarlierDevice[] | undefined {
  const devices: { readonly heading: string; readonly lines: Map<string, string> }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, label, value] = /^ +([^:]+): +(.*)$/.exec(line) ?? [];
    if (label !== undefined && value !== undefined) devices.at(-1)?.lines.set(label, value);
    else if (/^\S/.test(line)) devices.push({ heading: line.replace(/ SIMULATED$/, ''), lines: new Map() });
    else if (line.trim() !== '') return undefined;
  }
  const told = devices.filter(({ lines }) => lines.size > 0);
  if (told.length === 0 || told.length < devices.length) return undefined;
  return told.map(({ heading, lines }) => {
    const [, title = heading, inBrackets] = /^(.+) \((.+)\)$/.exec(heading) ?? [];
    return {
      device: title,
      address: inBrackets ?? (ADDRESS.test(title) ? title : undefined),
      valuesLike: (entries) => Object.fromEntries(entries.flatMap((entry) => linesLike(entry, lines))),
    };
  });
}

const ADDRESS = /^[0-9A-F]{2}(:[0-9A-F]{2}){5}$/;

function linesLike(
  { key, label, value, display }: Entry,
  lines: ReadonlyMap<string, string>,
): (readonly [string, Value])[] {
  if (isList(value) && display?.choices) {
    const known = display.choices.filter((name) => lines.has(labelOf(name)));
    if (known.length === 0) return [];
    return [[key, known.filter((name) => lines.get(labelOf(name)) === 'yes')]];
  }
  const text = lines.get(label);
  if (text === undefined) return [];
  const one = (part: string, like: Scalar): Scalar => {
    if (ABSENT.has(part)) return null;
    if (typeof like !== 'number') return scalarLike(like, part);
    return display?.unit === 's' ? secondsOf(part) : (numberOf(part.split(' ')[0]) ?? part);
  };
  if (isList(value))
    return [[key, ABSENT.has(text) ? [] : text.split(', ').map((part) => one(part, value[0] ?? 0))]];
  return [[key, one(text, typeof value === 'object' ? null : value)]];
}

/** What stands for no value, in a locale with Unicode and in one without. */
const ABSENT: ReadonlySet<string> = new Set(['–', '-']);

/** `1 h 2 min` in seconds; the text itself when it is not a duration. */
function secondsOf(text: string): Scalar {
  const parts = text.replace(/^-/, '').match(/[\d.]+ [a-z]+/g) ?? [];
  const seconds = parts.reduce((sum, part) => sum + (parseDuration(part) ?? NaN), 0);
  if (parts.length === 0 || Number.isNaN(seconds)) return text;
  return text.startsWith('-') ? -seconds : seconds;
}

/** A text as what a value of this type is; one that cannot be stays a text, and so differs. */
function scalarLike(like: Scalar, text: string): Scalar {
  if (typeof like === 'boolean') {
    if (['true', 'yes'].includes(text)) return true;
    return ['false', 'no'].includes(text) ? false : text;
  }
  return typeof like === 'string' ? text : (numberOf(text) ?? text);
}

function numberOf(text = ''): number | undefined {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** The cells of a table as in RFC 4180. An apostrophe that keeps a text from being a formula is taken off again. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    const cell = quoted?.replaceAll('""', '"') ?? plain;
    row.push(cell.replace(/^'(?=[=+@\t\r-])/, ''));
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

function isSettings(device: unknown): device is SettingsDocument {
  return isRecord(device) && Object.values(device).every((value) => isScalar(value) || isPlainList(value));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** Lists hold numbers and names. */
function isPlainList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((item) => (typeof item === 'string' ? /^\w+$/.test(item) : isScalar(item)))
  );
}
