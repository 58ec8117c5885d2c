import { parse as parseToml } from 'smol-toml';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { ubmsc } from './command.ts';

async function output(format: string): Promise<string> {
  const { code, stdout, stderr } = await ubmsc('--adapter', 'sim', '-i', '-c', '-f', format);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

type Groups = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** What does not depend on the moment: device info, and how many cells there are. TOML has no null. */
function lasting({ device_info: [info = {}] = [], cell_data: [data = {}] = [] }: Groups): object {
  const cells: unknown = data['cell_voltage'];
  const known = Object.fromEntries(Object.entries(info).filter(([, value]) => value !== null));
  return { ...known, cells: Array.isArray(cells) ? cells.length : undefined, keys: Object.keys(data)[0] };
}

describe.concurrent('the built command', () => {
  let json: Groups;
  beforeAll(async () => {
    json = JSON.parse(await output('j'));
  });

  test.each([
    ['J', (text: string): Groups => JSON.parse(text)],
    ['y', (text: string): Groups => parseYaml(text)],
    ['t', (text: string): Groups => parseTomlGroups(text)],
    ['T', (text: string): Groups => parseTomlGroups(text)],
  ])('prints in format %s what it prints in JSON', async (format, parse) => {
    expect(lasting(parse(await output(format)))).toEqual(lasting(json));
  });

  test.each(['r', 'R', 'text'])('prints in format %s the model and the serial number', async (format) => {
    const text = await output(format);
    const [info = {}] = json['device_info'] ?? [];
    expect(text).toContain(String(info['device_model']));
    expect(text).toContain(String(info['serial_number']));
  });

  test('prints metrics that say what JSON says', async () => {
    const page = await output('m');
    const [info = {}] = json['device_info'] ?? [];
    expect(page).toContain(`poweron_times{device="UPS_BMS"} ${String(info['poweron_times'])}\n`);
    expect(page.match(/^cell_voltage\{device="UPS_BMS",cell="\d"\} 3\.\d+$/gm)).toHaveLength(4);
    expect(page).toContain(
      '# HELP battery_temperature Temperatures of battery, ℃\n# TYPE battery_temperature gauge\n',
    );
  });
});

function parseTomlGroups(text: string): Groups {
  const groups = parseToml(text);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape is what the comparison tests
  return groups as unknown as Groups;
}
