import { alarms, snakeCase, type Reading } from '@ubmsc/protocol';
import { columns, sameDecimals } from './columns.ts';
import { entriesOf, isList, isTable, labelOf } from './entries.ts';
import type { Display, Entry, Scalar } from './entry.ts';
import type { DeviceResult, FormatOptions, Group, Renderer } from './result.ts';
import { formatDuration, sanitize } from '@ubmsc/base';

type Line = readonly string[];

const absent = '–';
const inHeading: ReadonlySet<string> = new Set(['device', 'address', 'simulated']);

/** For people: a heading for each device, a table of its cells, and a line `Label: value unit` for all the rest. */
export const text: Renderer = ({ devices }, options) => {
  const plain = options.ascii ? toAscii : (line: string): string => line;
  return devices
    .flatMap((device) => [
      [plain(heading(device))],
      ...options.groups.flatMap((group) => sections(device, group, options, plain)),
    ])
    .map((lines) => lines.map((line) => `${options.colour ? coloured(line) : line}\n`).join(''))
    .join('\n');
};

/** Headings are bold, what is wrong is red or yellow. */
function coloured(line: string): string {
  const code = line.startsWith(' ') ? lineCodes.find(([pattern]) => pattern.test(line))?.[1] : 1;
  return code === undefined || line === '' ? line : `\u{1b}[${code}m${line}\u{1b}[0m`;
}

const lineCodes = [
  [/^ +Alarm:/, 31],
  [/^ +Notice:/, 33],
  [/^ +Doubt:/, 33],
] as const;

function heading({ device, name, address, simulated }: DeviceResult): string {
  const title = name ?? device;
  const titles =
    address === undefined || title === address
      ? sanitize(title)
      : `${sanitize(title)} (${sanitize(address)})`;
  return simulated ? `${titles} SIMULATED` : titles;
}

function sections(
  device: DeviceResult,
  group: Group,
  options: FormatOptions,
  plain: (text: string) => string,
): string[][] {
  const entries = entriesOf(device, group, options) ?? [];
  const perCell = entries.filter(({ display }) => display?.per === 'cell');
  const tables = entries.filter(({ value }) => isTable(value));
  const others = entries.filter(
    (entry) => !perCell.includes(entry) && !tables.includes(entry) && !inHeading.has(entry.key),
  );
  const inPlain = (lines: readonly Line[]): Line[] => lines.map((line) => line.map(plain));
  return [
    columns(inPlain(cellTable(perCell, device.reading)), 'padStart'),
    ...tables.map((entry) => columns(inPlain(table(entry)), 'padEnd')),
    columns(inPlain(others.flatMap(labelled)), 'padEnd'),
  ].filter((section) => section.length > 0);
}

function cellTable(entries: readonly Entry[], reading: Reading | undefined): Line[] {
  const lists = entries.map(({ value }) => (isList(value) ? sameDecimals(value) : []));
  const rows = Array.from({ length: Math.max(0, ...lists.map((list) => list.length)) }, (_, cell) => [
    String(cell + 1),
    ...entries.map(({ display }, column) => inWords(lists[column]?.[cell] ?? null, display)),
    [cell === reading?.highestCell ? '▲ highest' : '', cell === reading?.lowestCell ? '▼ lowest' : '']
      .join(' ')
      .trim(),
  ]);
  return rows.length === 0 ? [] : [['Cell', ...entries.map(({ label }) => label), ''], ...rows];
}

function table({ value, columns: displays }: Entry): Line[] {
  if (!isTable(value)) return [];
  const keys = Object.keys(value[0] ?? {});
  return [
    keys.map(labelOf),
    ...value.map((row) => keys.map((key) => inCell(row[key] ?? null, displays?.[key]))),
  ];
}

function inCell(value: Scalar | readonly Scalar[], display: Display | undefined): string {
  return isList(value)
    ? value.map((item) => inWords(item, display)).join(', ') || absent
    : inWords(value, display);
}

function labelled({ key, label, value, display }: Entry): Line[] {
  if (isTable(value)) return [];
  if (display?.kind === 'alarms' && isList(value) && value.length > 0) {
    return Object.entries(alarms)
      .filter(([name]) => value.includes(snakeCase(name)))
      .map(([, { severity, help }]) => [severity === 'notice' ? 'Notice:' : 'Alarm:', help]);
  }
  if (display?.choices && isList(value)) {
    return display.choices.map((name) => [`${labelOf(name)}:`, inWords(value.includes(name), display)]);
  }
  if (isList(value)) {
    const none = display?.kind === 'alarms' ? 'none' : absent;
    return [[`${label}:`, value.map((item) => inWords(item, display)).join(', ') || none]];
  }
  const words = inWords(cellNumbers.has(key) && typeof value === 'number' ? value + 1 : value, display);
  return [
    [`${label}:`, key === current && typeof value === 'number' ? `${words} (${direction(value)})` : words],
  ];
}

/** People count cells from 1; programs get the index from 0, as the names of these say in their help. */
const cellNumbers: ReadonlySet<string> = new Set(
  (['lowestCell', 'highestCell'] satisfies readonly (keyof Reading)[]).map(snakeCase),
);

const current = snakeCase('batteryCurrent' satisfies keyof Reading);

function direction(amperes: number): string {
  if (amperes === 0) return 'idle';
  return amperes > 0 ? 'charging' : 'discharging';
}

function inWords(value: Scalar, display: Display | undefined): string {
  if (value === null) return display?.absent ?? absent;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (display?.unit === 's' && typeof value === 'number') return formatDuration(value);
  const words = typeof value === 'number' ? String(value) : sanitize(value);
  return display?.unit === undefined ? words || absent : `${words} ${display.unit}`;
}

const inAscii: Readonly<Record<string, string>> = {
  '–': '-',
  '→': '->',
  '▲': '^',
  '▼': 'v',
  Ω: 'Ohm',
  '°': '',
  '·': '',
};

function toAscii(line: string): string {
  return line.replace(/[^ -~]/gu, (character) => inAscii[character] ?? '?');
}
