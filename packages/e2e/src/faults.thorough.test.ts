import { expect, test } from 'vitest';
import { simulator, ubmsc } from './command.ts';
import { expectRefused } from './impostor.ts';

test.concurrent(
  'a device that speaks like uart is not a JK: one line says so, with exit code 6',
  async () => {
    await expectRefused('uart');
  },
);

test('a device that names itself with escape sequences cannot reach the terminal with them', async () => {
  await using battery = await simulator('--fault', 'string=ansi');
  for (const format of ['text', 'rust', 'json', 'yaml', 'toml', 'metrics']) {
    const { code, stdout } = await ubmsc('--adapter', battery.adapter, '-d', 'UPS_BMS', '-i', '-f', format);
    expect(code).toBe(0);
    expect(stdout).not.toContain('\u001b');
  }
});
