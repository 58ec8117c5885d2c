import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { start, temporaryFolder } from './command.ts';

test.concurrent.each(['me:LEAKME@', 'LEAKME@', 'me:LEAK@ME@'])(
  'the settings are shown without %s in a URL',
  async (userinfo) => {
    const { stdout, code } = await start(['--push-url', `https://${userinfo}example.org/metrics`, 'config'])
      .ended;
    expect(code).toBe(0);
    expect(stdout).toContain('push-url = "https://***@example.org/metrics"');
    expect(stdout).not.toContain('LEAK');
  },
);

test.concurrent(
  'the configuration file of the user is found, and its batteries are read under their aliases',
  async () => {
    await using folder = await temporaryFolder();
    await mkdir(folder.file('ubmsc'));
    const text =
      'adapter = "sim:2"\nformat = "json"\n[[battery]]\ndevice = "C8:47:80:00:00:02"\nalias = "house"\n';
    await writeFile(folder.file('ubmsc/config.toml'), text);
    const env = { XDG_CONFIG_HOME: folder.file('') };
    const all = await start(['-i'], env).ended;
    const asked = await start(['info', 'house'], env).ended;
    for (const { stdout } of [all, asked]) {
      const document: unknown = JSON.parse(stdout);
      expect(document).toMatchObject({ device_info: [{ device: 'house', device_name: 'UPS_BMS_2' }] });
    }
  },
);

test.concurrent.each([
  [['--config', '/nowhere/config.toml'], 'there is no such file'],
  [['--config', '/'], 'it is a directory'],
  [['--config', '/dev/zero'], 'longer than 1 MB'],
  [['--check-config'], 'there is no configuration file'],
])('%j ends with exit code 2', async (args, text) => {
  const { code, stderr } = await start([...args, 'config']).ended;
  expect(stderr).toContain(text);
  expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
});
