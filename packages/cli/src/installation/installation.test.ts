import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../config/load.ts';
import { confirm, parseChoice } from './ask.ts';
import { assertForAllUsers, installKind } from './program.ts';
import { configText } from './service-config.ts';
import { unitStep } from './unit-step.ts';
import { unitText } from './unit.ts';

describe('the unit', () => {
  test('that is shipped is the one that is generated', async () => {
    const file = '../../../../deploy/systemd/ubmsc.service';
    await expect(unitText(['/usr/bin/ubmsc'])).toMatchFileSnapshot(file);
  });

  test('runs programs whose paths have characters that mean something to systemd', () => {
    const unit = unitText(['/opt/my node/100%/node', '/opt/$x/"u".cjs']);
    expect(unit).toContain('ExecStart="/opt/my node/100%%/node" "/opt/$$x/\\"u\\".cjs" export\n');
  });
});

describe('a unit that is there', () => {
  const packaged = '/usr/lib/systemd/system/ubmsc.service';
  const byPackage = { node: '', script: '', kind: 'deb', command: ['/usr/bin/ubmsc'] } as const;
  const byNpm = { node: '', script: '', kind: 'npm', command: ['/usr/bin/node', '/opt/u.cjs'] } as const;
  const before = unitText(['/usr/bin/node', '/usr/local/lib/node_modules/ubmsc/bin/ubmsc.cjs']);

  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ubmsc-unit-'));
  });
  afterEach(async () => await rm(folder, { recursive: true }));

  test.each([
    ['gives way to that of the package', byPackage, before, undefined],
    ['gives way to that of another place', byNpm, before, unitText(byNpm.command)],
    ['stays where it is the wanted one', byNpm, unitText(byNpm.command), unitText(byNpm.command)],
  ])('%s, and is kept', async (_, program, text, wanted) => {
    const file = join(folder, 'ubmsc.service');
    await writeFile(file, text);
    for (const { run } of await unitStep(program, file, packaged)) await run();
    const read = async (path: string) => await readFile(path, 'utf8').catch(() => undefined);
    expect(await read(file)).toBe(wanted);
    expect(await read(`${file}.old`)).toBe(text === wanted ? undefined : text);
  });

  test('is not missed where the package has one', async () => {
    expect(await unitStep(byPackage, join(folder, 'ubmsc.service'), packaged)).toEqual([]);
  });
});

describe('the configuration that is written', () => {
  const device = (address: string, name: string | undefined) =>
    ({ address, name, rssi: -60, likelihood: 'certain' }) as const;

  test('has the settings that were given and the batteries that were chosen', () => {
    const batteries = [device('C8:47:80:00:00:01', 'VAN'), device('C8:47:80:00:00:02', undefined)];
    const config = parseConfig(configText({ adapter: 'sim:2', 'scan-timeout': 5 }, batteries), 'config.toml');
    expect(config.settings.get('adapter')?.value).toBe('sim:2');
    expect(config.settings.get('scanTimeout')?.value).toBe(5);
    expect(config.batteries).toMatchObject([
      { device: 'C8:47:80:00:00:01', alias: 'VAN' },
      { device: 'C8:47:80:00:00:02' },
    ]);
  });

  test('is valid whatever batteries are called, also when two have the same name', () => {
    // Few letters, so that some are the same but for case and blanks.
    const name = fc.oneof(
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.string({ unit: fc.constantFrom('a', 'A', ' ', '_'), minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const batteries = names.map((each, index) => device(`C8:47:80:00:00:0${index}`, each));
        expect(parseConfig(configText({}, batteries), 'config.toml').batteries).toHaveLength(names.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is chosen', () => {
  test.each([
    ['', ['a', 'b', 'c']],
    ['all', ['a', 'b', 'c']],
    ['2', ['b']],
    ['3, 1', ['a', 'c']],
    ['1 1', ['a']],
  ])('by %j is %j', (text, chosen) => {
    expect(parseChoice(text, ['a', 'b', 'c'])).toEqual(chosen);
  });

  test.each(['0', '4', 'x', '1,x', ',', '-1', '1.5'])('by %j is asked again', (text) => {
    expect(parseChoice(text, ['a', 'b', 'c'])).toBeUndefined();
  });
});

describe('a question', () => {
  test.each([
    ['Ctrl-C', '\u0003', { exitCode: 130 }],
    ['Ctrl-D', '\u0004', { message: 'nothing was changed: there was no answer' }],
  ])('is left with %s', async (_, key, expected) => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const stdout = Object.assign(new PassThrough(), { isTTY: true });
    const answer = confirm('Do it?', new AbortController().signal, { stdin, stdout });
    stdin.write(key);
    await expect(answer).rejects.toMatchObject(expected);
  });
});

describe('a program', () => {
  test.each([
    ['/usr/lib/ubmsc/bin/ubmsc.cjs', 'deb'],
    ['/usr/local/lib/node_modules/ubmsc/bin/ubmsc.cjs', 'npm'],
    ['/opt/ubmsc/packages/cli/bin/ubmsc.cjs', 'checkout'],
  ])('at %s is of the kind %s', (file, kind) => {
    expect(installKind(file)).toBe(kind);
  });

  test('in a home cannot be run by a service, and the error says what to do', async () => {
    const node = '/home/owner/.nvm/versions/node/v22.0.0/bin/node';
    const program = { node, script: '/usr/lib/x.cjs', kind: 'npm', command: [] } as const;
    await expect(assertForAllUsers(program)).rejects.toMatchObject({
      message: `a service cannot run ${node}: other users may not read /home`,
      hint: expect.stringContaining('for all users'),
    });
  });
});
