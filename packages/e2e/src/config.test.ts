import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { start, temporaryFolder } from './command.ts';

test.concurrent('an option wins over the environment, which wins over the configuration file', async () => {
  await using folder = await temporaryFolder();
  const file = folder.file('config.toml');
  await writeFile(file, 'adapter = "sim:2"\nformat = "json"\nscan-timeout = 7\n');
  const env = { UBMSC_CONFIG: file, UBMSC_FORMAT: 'yaml', UBMSC_REQUEST_TIMEOUT: '9' };
  const { stdout, code } = await start(['--request-timeout', '8', 'config'], env).ended;
  expect(code).toBe(0);
  expect(stdout.replaceAll(/ {2,}/g, ' ').split('\n')).toEqual(
    expect.arrayContaining([
      'request-timeout = 8 # command line',
      'format = "yaml" # UBMSC_FORMAT',
      `scan-timeout = 7 # ${file}:3`,
      'scrape-interval = 60 # default',
    ]),
  );
});

test.concurrent(
  'a flag in the environment is true or false, and wins over the configuration file',
  async () => {
    await using folder = await temporaryFolder();
    const file = folder.file('config.toml');
    await writeFile(file, 'disable-history = true\n');
    const env = { UBMSC_CONFIG: file, UBMSC_DISABLE_HISTORY: 'false', UBMSC_WEB: 'true' };
    const { stdout } = await start(['--disable-energy', 'config'], { ...env, UBMSC_DISABLE_ENERGY: 'false' })
      .ended;
    expect(stdout.replaceAll(/ {2,}/g, ' ').split('\n')).toEqual(
      expect.arrayContaining([
        'web = true # UBMSC_WEB',
        'disable-energy = true # command line',
        'disable-history = false # UBMSC_DISABLE_HISTORY',
      ]),
    );
    for (const value of ['maybe', 'constructor']) {
      expect(await start(['config'], { UBMSC_WEB: value }).ended).toEqual({
        code: 2,
        stdout: '',
        stderr: `ubmsc: UBMSC_WEB is "${value}"; give true or false, or leave the variable out\n`,
      });
    }
  },
);

test.concurrent('a variable UBMSC_… that is not a setting is named, and the command goes on', async () => {
  const env = { UBMSC_SCAN_TIMEOT: '3', UBMSC_DEVICES: 'house', UBMSC_PUSH_TOKEN: 'secret' };
  const { code, stderr } = await start(['config'], env).ended;
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr:
      'ubmsc: UBMSC_SCAN_TIMEOT is not a setting; did you mean UBMSC_SCAN_TIMEOUT?\n' +
      'ubmsc: UBMSC_DEVICES is not a setting; ubmsc config lists the settings\n',
  });
});

test.concurrent(
  'the service can be looked at and removed though its configuration is not valid',
  async () => {
    await using folder = await temporaryFolder();
    const file = folder.file('config.toml');
    await writeFile(file, 'adaptor = "sim"\n');
    const { code, stderr } = await start(['service', 'uninstall', '--dry-run'], { UBMSC_CONFIG: file }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await start(['service', 'status'], { UBMSC_CONFIG: file }).ended).stderr).not.toContain(
      'adaptor',
    );
  },
);

test.concurrent('tables of outputs are shown without secrets in their URLs and headers', async () => {
  await using folder = await temporaryFolder();
  const file = folder.file('config.toml');
  const push = 'url = "http://me:LEAK@a/x"\nheader = ["X-Key: LEAK"]\nproxy = "socks5h://me:LEAK@b:1"';
  await writeFile(file, `[labels]\nsite = "marina-7"\n[[push]]\n${push}\n`);
  const { stdout } = await start(['--config', file, '--push-header', 'X-Key: LEAK', 'config']).ended;
  expect(stdout).toContain('[labels]\nsite = "marina-7"');
  expect(stdout).toContain('url = "http://***@a/x"');
  expect(stdout).toContain('header = [ "X-Key: ***" ]');
  expect(stdout).not.toContain('LEAK');
});

test.concurrent(
  'everything that is wrong with a configuration file is said, and nothing is done',
  async () => {
    await using folder = await temporaryFolder();
    const file = folder.file('config.toml');
    await writeFile(file, 'adapter = "sim"\nscan_timeout = 3\n\n[[battery]]\nalias = "house"\n');
    for (const args of [['--check-config'], ['-i']]) {
      expect(await start(['--config', file, ...args]).ended).toEqual({
        code: 2,
        stdout: '',
        stderr:
          `ubmsc: ${file}:2: scan_timeout is not a setting; did you mean scan-timeout?\n` +
          `ubmsc: ${file}:4: battery[1].device is missing; add it there\n`,
      });
    }
    await writeFile(file, '[labels]\n"a-b" = "x"\n');
    expect(await start(['--config', file, '--check-config']).ended).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^ubmsc: "a-b" cannot be the name of a label; /),
    });
    // As an editor on Windows writes it.
    await writeFile(file, '\u{feff}adapter = "sim"\r\n');
    expect(await start(['--config', file, '--check-config']).ended).toEqual({
      code: 0,
      stdout: `${file} is valid\n`,
      stderr: '',
    });
  },
);
