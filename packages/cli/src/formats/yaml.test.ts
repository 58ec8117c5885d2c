import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { formats } from './index.ts';
import { exampleDevice } from './test/example-result.ts';

const options = { groups: ['cellData'] } as const;

describe('YAML', () => {
  test.each(['no', 'on', '12:30:45', '0x1f', '017', '1_000', '2024-01-01', '~', '1e3'])(
    'keeps the text %s a text for parsers of YAML 1.1 and 1.2',
    async (device) => {
      const page = await formats.yaml.render({ devices: [{ ...exampleDevice, device }] }, options);
      expect(parse(page, { version: '1.1' }).cell_data[0].device).toBe(device);
      expect(parse(page, { version: '1.2' }).cell_data[0].device).toBe(device);
    },
  );

  test('escapes every character that YAML forbids', async () => {
    const device = '\u{1b}\u{7f}\u{85}\u{9b}\u{2028}\u{feff}\u{fffe}\u{ffff}';
    const page = await formats.yaml.render({ devices: [{ ...exampleDevice, device }] }, options);
    expect(page).toContain(String.raw`device: "\u001b\u007f\u0085\u009b\u2028\ufeff\ufffe\uffff"`);
  });

  test('does not fold a long text', async () => {
    const device = 'word '.repeat(60).trim();
    expect(await formats.yaml.render({ devices: [{ ...exampleDevice, device }] }, options)).toContain(
      `device: "${device}"\n`,
    );
  });
});
