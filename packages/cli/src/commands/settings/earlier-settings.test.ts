import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@ubmsc/base';
import { afterAll, describe, expect, test } from 'vitest';
import type { EarlierDevice, SettingsDocument } from './earlier-forms.ts';
import { findDevice, readSettings } from './earlier-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { signal } = new AbortController();

async function readText(text: string): Promise<readonly SettingsDocument[]> {
  const path = join(folder, 'before.json');
  writeFileSync(path, text);
  return (await readSettings(path, signal)).map(({ valuesLike }) => valuesLike([]));
}

describe('a file of earlier settings', () => {
  test('has values by their names for each device', async () => {
    const device = { cell_ovp: 3.65, charge_switch: true, controls: ['heating'], gone: null };
    const document = JSON.stringify({ settings: [{ ...device, address: 'A' }] });
    expect(await readText(document)).toEqual([device]);
    expect(await readText(`\u{feff}${document}\n`)).toEqual([device]);
  });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"settings":{}}',
    '{"settings":[1]}',
    '{"settings":[[]]}',
    '{"settings":[{"cell_ovp":{}}]}',
    '{"settings":[{"controls":[[]]}]}',
    '{"settings":[{"controls":["a, b"]}]}',
    '{"device_info":[]}',
  ])('is not %s', async (text) => {
    await expect(readText(text)).rejects.toThrow(UsageError);
  });

  test('that cannot be read is an error of usage', async () => {
    await expect(readSettings(join(folder, 'nowhere'), signal)).rejects.toThrow(UsageError);
    await expect(readSettings(folder, signal)).rejects.toThrow(UsageError);
  });
});

describe('a device', () => {
  const earlier = (name: string, address?: string): EarlierDevice => ({
    device: name,
    address,
    valuesLike: () => ({}),
  });
  const device = { device: 'C8', name: 'UPS', address: 'C8:01', simulated: false };

  test('is found by its address, whatever it is called now', () => {
    const document = [earlier('UPS', 'C8:02'), earlier('OLD', 'C8:01')];
    expect(findDevice(document, device)).toBe(document[1]);
    expect(findDevice(document.slice(0, 1), device)).toBeUndefined();
  });

  test('is found by its name where no address is known', () => {
    const document = [earlier('OTHER'), earlier('UPS')];
    expect(findDevice(document, device)).toBe(document[1]);
  });

  test('that is there more than once is taken as it was last', () => {
    const document = [earlier('UPS', 'C8:01'), earlier('UPS', 'C8:01')];
    expect(findDevice(document, device)).toBe(document[1]);
  });
});
