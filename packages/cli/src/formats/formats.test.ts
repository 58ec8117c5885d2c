import { labelValue } from '@ubmsc/exporter';
import { alarms, chargeStatuses, measurements, snakeCase, type MeasurementGroup } from '@ubmsc/protocol';
import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parseMetrics } from '@ubmsc/testing';
import type { Document } from './document.ts';
import { isList } from './entries.ts';
import type { Value } from './entry.ts';
import { findFormat, formats, type FormatOptions, type Result } from './index.ts';
import { arbitraryResult } from './test/arbitrary-result.ts';
import { parseRust } from './test/parse-rust.ts';

/** Checks any result with any options against the document that JSON prints of it. */
const everyResult = (
  check: (
    result: Result,
    options: FormatOptions & { readonly groups: readonly MeasurementGroup[] },
    document: Document,
  ) => Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(
      arbitraryResult,
      fc.subarray(['deviceInfo', 'cellData'] as const),
      fc.boolean(),
      async (result, groups, showSecrets) => {
        const options = { groups, showSecrets };
        const document: Document = JSON.parse(await formats.json.render(result, options));
        await check(result, options, document);
      },
    ),
  );

/** The document with each value changed; undefined leaves its key out. */
function mapValues(document: Document, change: (value: Value) => Value | undefined): Document {
  const mapDevice = (device: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(
      Object.entries(device).flatMap(([key, value]) => {
        const changed = change(value);
        return changed === undefined ? [] : [[key, changed]];
      }),
    );
  return Object.fromEntries(
    Object.entries(document).map(([group, devices]) => [group, devices.map(mapDevice)]),
  );
}

/** Half of a surrogate pair cannot be written as UTF-8. */
const wellFormed = <V extends Value>(value: V): V | string =>
  typeof value === 'string' ? Buffer.from(value).toString() : value;

describe('the values are those of JSON', () => {
  test('in json-pretty, two spaces deep', async () => {
    await everyResult(async (result, options, document) => {
      const page = await formats['json-pretty'].render(result, options);
      expect(page).toBe(`${JSON.stringify(document, null, 2)}\n`);
    });
  });

  test('in YAML', async () => {
    await everyResult(async (result, options, document) => {
      const page = await formats.yaml.render(result, options);
      expect(parseYaml(Buffer.from(page).toString())).toEqual(document);
    });
  });

  test.each(['toml', 'toml-pretty'] as const)('in %s, without null', async (format) => {
    await everyResult(async (result, options, document) => {
      const page = await formats[format].render(result, options);
      const expected = mapValues(document, (value) => {
        if (isList(value)) return value.map((item) => item ?? NaN);
        return value === null ? undefined : wellFormed(value);
      });
      expect(parseToml(page)).toEqual(expected);
    });
  });

  test.each(['rust', 'rust-pretty'] as const)('in %s', async (format) => {
    await everyResult(async (result, options, document) => {
      const page = await formats[format].render(result, options);
      const expected = Object.entries(mapValues(document, wellFormed)).flatMap(([group, devices]) =>
        devices.map((device) => ({
          name: group === 'device_info' ? 'DeviceInfo' : 'CellData',
          fields: Object.entries(device),
        })),
      );
      expect(parseRust(page)).toEqual(expected);
    });
  });

  test('in metrics, as far as they are numbers, states or alarms', async () => {
    await everyResult(async (result, options, document) => {
      const page = await formats.metrics.render(result, options);
      const series = parseMetrics(page).flatMap((family) =>
        family.series.map(
          ({ labels: { device, cell = '', alarm = '', phase = '' }, value }): [string, number] => [
            JSON.stringify([family.name, device, cell, alarm + phase]),
            value,
          ],
        ),
      );
      expect(new Map(series)).toEqual(seriesOf(document));
      expect(series).toHaveLength(new Set(series.map(([labels]) => labels)).size);
    });
  });
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Name and labels of the series that a document makes, with their values. */
function seriesOf(document: Document): Map<string, number> {
  const series = new Map<string, number>();
  const measured = new Set(document['cell_data']?.map(({ device }) => device));
  const entries = Object.entries(document).flatMap(([group, devices]) =>
    devices.flatMap((device) => Object.entries(device).map((entry) => ({ group, device, entry }))),
  );
  for (const { group, device, entry } of entries) {
    const [key, value] = entry;
    // What a reading could tell is not taken from device info.
    const isOlder = group === 'device_info' && key === 'up_time' && measured.has(device['device']);
    if (key !== 'simulated' && !isOlder) {
      const add = (name: string, labels: readonly string[], number: number): unknown =>
        series.set(JSON.stringify([name, labelValue(textOf(device['device'])), ...labels]), number);
      if (isList(value) && key === 'alarms') {
        for (const alarm of Object.keys(alarms).map(snakeCase)) {
          add('alarm', ['', alarm], value.includes(alarm) ? 1 : 0);
        }
      } else if (key === 'charge_phase' && typeof value === 'string') {
        for (const phase of chargeStatuses) add('charge_phase', ['', phase], value === phase ? 1 : 0);
      } else if (isList(value)) {
        for (const [cell, item] of value.entries()) {
          if (typeof item === 'number') add(key, [String(cell), ''], item);
        }
      } else if (typeof value === 'number' || typeof value === 'boolean') {
        add(key, ['', ''], Number(value));
      }
    }
  }
  return series;
}

describe('JSON', () => {
  test('is one line', async () => {
    await everyResult(async (result, options) => {
      expect(await formats.json.render(result, options)).toMatch(/^[^\n]+\n$/);
    });
  });

  test('has the groups that were asked for, with the keys of the vocabulary in its order first', async () => {
    await everyResult(async ({ devices }, { groups }, document) => {
      expect(Object.keys(document)).toEqual(groups.map(snakeCase));
      for (const group of groups) {
        const keys = Object.keys(measurements[group]).map(snakeCase);
        const printed = document[snakeCase(group)] ?? [];
        const read = devices.filter(({ deviceInfo, reading }) =>
          group === 'deviceInfo' ? deviceInfo : reading,
        );
        expect(printed).toHaveLength(read.length);
        for (const device of printed) expect(Object.keys(device).slice(0, keys.length)).toEqual(keys);
      }
    });
  });
});

describe('a format', () => {
  test('has the letter that earlier versions gave it', () => {
    const aliases = Object.fromEntries(Object.entries(formats).map(([name, { alias }]) => [name, alias]));
    expect(aliases).toEqual({
      text: undefined,
      rust: 'r',
      'rust-pretty': 'R',
      json: 'j',
      'json-pretty': 'J',
      yaml: 'y',
      toml: 't',
      'toml-pretty': 'T',
      metrics: 'm',
    });
  });

  test('is found by its name and by its letter, which is not that of its pretty sister', () => {
    expect(findFormat('toml-pretty')).toBe(formats['toml-pretty']);
    expect(findFormat('T')).toBe(formats['toml-pretty']);
    expect(findFormat('t')).toBe(formats.toml);
    expect(findFormat('constructor')).toBeUndefined();
    expect(findFormat('')).toBeUndefined();
  });
});
