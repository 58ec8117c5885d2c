import { sanitize } from '@ubmsc/base';
import { layouts, snakeCase } from '@ubmsc/protocol';
import type { BatteryStatus } from '@ubmsc/session';
import type { DeviceSettings } from '../model/settings.ts';
import { column, fit, span, wrap, type Line } from '../text/line.ts';
import { signs } from '../text/signs.ts';
import { displayWidth } from '../text/width.ts';
import { extent, part } from './list.ts';
import { title } from './title.ts';
import type { Pane, Room } from './view.ts';

/** The settings of another battery, to compare with. */
export interface OtherSettings {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Settings that were written into a file earlier: values by the names of machine formats. */
export interface SettingsFile {
  readonly name: string;
  readonly settingsOf: (status: BatteryStatus) => Readonly<Record<string, unknown>> | undefined;
}

/** What a file says of a battery, by the names of its layout. */
export function settingsInFile(
  file: SettingsFile,
  status: BatteryStatus,
  { variant }: DeviceSettings,
): OtherSettings | undefined {
  const found = file.settingsOf(status);
  if (!found) return undefined;
  const fields = Object.keys(layouts[variant].settings.fields);
  const values = Object.fromEntries(fields.map((field) => [field, found[snakeCase(field)]]));
  return { name: sanitize(file.name).slice(0, 20), values };
}

/** One setting, in words. */
interface Row {
  readonly name: string;
  readonly value: string;
  /** What other batteries have instead. */
  readonly others: readonly string[];
}

/** The settings of a device, each with what it means, and what other batteries have instead. */
export function settingsView(
  settings: DeviceSettings | undefined,
  others: readonly OtherSettings[],
  first: number,
  { width, height }: Room,
): Pane {
  if (!settings) {
    const words = 'the battery has not sent its settings yet';
    return { width, lines: [title('Settings', width), fit([span(`  ${words}`, 'dim')], width)] };
  }
  const rows = settingRows(settings, others);
  // What differs is what one looks for.
  const differ = rows.filter((row) => row.others.length > 0);
  const nameWidth = nameWidthOf(rows, width);
  const all = [...differ, ...rows.filter((row) => row.others.length === 0)].flatMap((row) =>
    rowLines(row, nameWidth),
  );
  const shown = part(all, first, Math.max(0, height - 1));
  const note: Line = [
    ...(others.length > 0
      ? [
          span(
            `${differ.length} ${differ.length === 1 ? 'differs' : 'differ'}, `,
            differ.length > 0 ? 'notice' : 'dim',
          ),
        ]
      : []),
    span('read only', 'dim'),
    ...(shown.items.length < all.length ? [span(', ', 'dim')] : []),
    ...extent(shown.first, shown.items.length, all.length),
  ];
  return {
    width,
    lines: [title('Settings', width, note), ...shown.items.map((line) => fit(line, width))],
  };
}

/** How many lines the settings have. */
export function settingsCount(settings: DeviceSettings | undefined, width: number): number {
  if (!settings) return 0;
  const rows = settingRows(settings, []);
  const nameWidth = nameWidthOf(rows, width);
  return rows.reduce((sum, { name }) => sum + wrap(name, nameWidth).length, 0);
}

/** The columns of the names, whatever else there is to show: the other half is for values, and what others have. */
function nameWidthOf(rows: readonly Row[], width: number): number {
  return Math.min(Math.floor(width / 2), Math.max(0, ...rows.map(({ name }) => displayWidth(name))));
}

/** A setting; a long name goes on below itself. */
function rowLines({ name, value, others }: Row, nameWidth: number): readonly Line[] {
  const [start = '', ...rest] = wrap(name, nameWidth);
  const first: Line = [
    span(others.length > 0 ? `${signs.change} ` : '  ', 'notice'),
    ...column(start, nameWidth, 'dim'),
    span('  '),
    span(value),
    span(others.length > 0 ? `  ${others.join('; ')}` : '', 'notice'),
  ];
  return [first, ...rest.map((text): Line => [span(`  ${text}`, 'dim')])];
}

function settingRows({ variant, values }: DeviceSettings, others: readonly OtherSettings[]): readonly Row[] {
  const {
    fields,
  }: { readonly fields: Readonly<Record<string, { readonly help: string; readonly unit?: string }>> } =
    layouts[variant].settings;
  return Object.entries(fields).flatMap(([field, { help, unit }]): Row[] => {
    if (/^(?:unknown|reserved|frameCounter|enableFlags)/.test(field)) return [];
    const value = valueInWords(values[field], unit);
    if (value === undefined) return [];
    const names = new Map<string, readonly string[]>();
    for (const other of others) {
      const own = valueInWords(other.values[field], unit);
      if (own !== undefined && own !== value && !agree(values[field], other.values[field]))
        names.set(own, [...(names.get(own) ?? []), other.name]);
    }
    const instead = [...names].map(([own, all]) => `${own} in ${all.join(', ')}`);
    return [{ name: help.split(';')[0] ?? help, value, others: instead }];
  });
}

/** Whether two lists, one value a cell, are the same as far as both go: layouts have places for 24 or for 32 cells. */
function agree(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return false;
  return one.every((each, index) => index >= other.length || each === other[index]);
}

function valueInWords(value: unknown, unit: string | undefined): string | undefined {
  if (Array.isArray(value)) {
    const parts = value.map((each) => valueInWords(each, undefined) ?? signs.absent);
    const same = new Set(parts);
    if (parts.length === 0) return undefined;
    return same.size === 1
      ? `${parts[0]} ${unit ?? ''}, all ${parts.length}`
      : `${parts.join(' ')} ${unit ?? ''}`;
  }
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return sanitize(value);
  if (typeof value !== 'number') return undefined;
  if (unit === 'boolean') return value === 0 ? 'off' : 'on';
  const text = String(Number(value.toPrecision(6)));
  return unit === undefined ? text : `${text} ${unit}`;
}
