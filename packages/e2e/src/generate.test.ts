import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ubmsc } from './command.ts';

const shipped = (file: string): string =>
  readFileSync(new URL(`../../../deploy/${file}`, import.meta.url), 'utf8');

test('rules and dashboard that are printed are those that are shipped', async () => {
  expect(await ubmsc('generate', 'rules')).toEqual({
    code: 0,
    stdout: shipped('prometheus/ubmsc.rules.yml'),
    stderr: '',
  });
  expect((await ubmsc('generate', 'dashboard')).stdout).toBe(shipped('grafana/dashboards/ubmsc.json'));
});

test('rules are made for a chemistry and a metric prefix', async () => {
  const { stdout } = await ubmsc('generate', 'rules', '--chemistry', 'LTO', '--metric-prefix', 'my_');
  expect(stdout).toContain('expr: my_lowest_cell_voltage < 1.9');
  expect(stdout.match(/expr: .*/g)?.filter((line) => !/\b(my|ubmsc)_|\bup\{/.test(line))).toEqual([]);
});

test.each([['frob'], ['rules', '--chemistry', 'lead']])(
  'generate %j is refused with what there is',
  async (...args) => {
    const { code, stderr } = await ubmsc('generate', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Allowed choices are')]);
  },
);

test.each(['generate', 'completion'])('%s alone is refused with what there is', async (command) => {
  const { code, stderr } = await ubmsc(command);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/; give (rules, dashboard|bash, zsh), /)]);
});
