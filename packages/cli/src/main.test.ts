import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { captureOutput } from '../test/capture-output.ts';
import { commandNames } from './commands/index.ts';
import { run } from './main.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'ubmsc-cli-'))));
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** What a command line prints, and how it ends. */
async function outcome(
  ...argv: readonly string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = captureOutput();
  const code = await run(argv);
  vi.restoreAllMocks();
  return { code, ...written };
}

test('a program that runs command lines one after the other has no more listeners after each', async () => {
  await outcome('--version');
  const listeners = (): number[] =>
    [process.stdout, process.stderr].map((stream) => stream.listenerCount('error'));
  const before = listeners();
  await outcome('--version');
  expect(listeners()).toEqual(before);
});

test.each([['--all'], ...commandNames.map((name) => [name])])(
  'help %s fits a terminal of 80 columns, without gaps',
  async (name) => {
    const { code, stdout } = await outcome('help', name);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toMatch(/\n\n\n|\n\n$/);
  },
);

describe('a command line that makes no sense ends with a sentence', () => {
  test.each([
    [['-t', '0'], 'not a number of seconds above 0'],
    [['-t', '1e9'], 'not a number of seconds above 0, up to 2000000'],
    [['-r', '1e-9'], 'give at least 0.001'],
    [['-d', '', '-c'], 'It is empty'],
    [['-e', '--on-demand', ''], 'It is empty'],
    [['-i', '-c', 'read'], '--device-info does not go with read'],
    [['-c', '-p'], '--cell-data does not go with --push'],
    [['scan', 'extra'], 'too many arguments'],
    [['--adapter', 'tcp:nowhere', '-c'], 'tcp:host:port'],
    [['--adapter', 'tcp:host:port', '-c'], 'tcp:host:port'],
    [['--adapter', 'tcp:host:99999', '-c'], 'tcp:host:port'],
    [
      ['-p', '-u', 'http://127.0.0.1:1/api', '--push-token-file', '/nowhere/token'],
      '/nowhere/token cannot be read',
    ],
    [['-f', 'xml'], 'Formats are text'],
    [['-t', '-1'], 'not a number of seconds'],
    [['--metric-prefix', '1 2'], 'does not begin with a digit'],
    [['--variant', 'jk99'], 'Variants are jk04'],
    [['-l', 'loud', '--adapter', 'sim', '-c'], 'not a log filter'],
    [['--adapter', 'hci', '-c'], 'no adapter is called "hci"'],
    [['--adapter', 'sim:0', '-c'], 'from 1 to 99'],
    [['-e', '-u', 'ftp://127.0.0.1'], 'cannot listen on'],
    [['-e', '-u', 'http://user@127.0.0.1'], 'users come with'],
    [['read', '-e'], 'does not go with read'],
    [['simulate'], '--listen'],
    [['simulate', '--listen', 'nowhere'], 'tcp:host:port'],
    [['simulate', '--listen', 'tcp:127.0.0.1:0', '--gatt', 'L9'], 'L1'],
    [['simulate', '--listen', 'tcp:127.0.0.1:0', '--batteries', '0'], 'from 1 to 99'],
    [
      ['simulate', '--listen', 'tcp:127.0.0.1:0', '--fault-for', '1s'],
      '--fault-for ends what --fault begins',
    ],
    [
      ['--adapter', 'sim', 'report', '-o', '/nowhere/report.md'],
      'the report /nowhere/report.md cannot be written: ENOENT: no such file or directory; give --output',
    ],
    [
      ['simulate', '--listen', 'tcp:127.0.0.1:0', '--report', '/nowhere/report.json'],
      'the report /nowhere/report.json cannot be written: ENOENT: no such file or directory; give --report',
    ],
    [['frobnicate'], 'no command is called "frobnicate"'],
    [['-t', 'soon'], 'not a number of seconds'],
    [['replay'], 'replay needs a recording'],
    [['replay', 'nothing.jsonl'], 'there is no such file'],
    [['replay', `${fixtures}README.md`], 'it is not a recording'],
    [['replay', 'jk04-3.3', '--to', 'replay'], 'a recording cannot be played into "replay"'],
    [['--adapter', 'sim:nothing', 'read'], 'no recording is called "nothing"'],
    [['--adapter', 'replay:x?speed=0', 'read'], 'has a wrong "speed"'],
    [['simulate', '--replay', 'x', '--fault', 'flap=1', '--listen', 'tcp:127.0.0.1:0'], 'its own faults'],
    [['--adapter', 'sim', 'watch', '-f', 'csv', '--states', '--count', '1'], 'leave out --states'],
    [['--adapter', 'sim', 'watch', '-f', 'rust', '--states', '--count', '1'], 'leave out --states'],
  ] as const)('%j', async (argv, text) => {
    const { code, stderr, stdout } = await outcome(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(text);
    expect(stderr.trimEnd().split('\n')).toEqual([stderr.trimEnd()]);
  });
});

describe('an adapter or a place that is not there is told in a sentence', () => {
  test.each([
    [['--adapter', 'tcp:127.0.0.1:1', '-c'], 'ECONNREFUSED'],
    [['simulate', '--listen', 'unix:/nowhere/at/all.sock'], 'directory that exists'],
  ])('%j', async (argv, text) => {
    const { code, stderr, stdout } = await outcome(...argv);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain(text);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('a push that cannot work is refused before anything is read', () => {
  const url = 'http://pi:8428/api/v1/import/prometheus';
  test.each([
    [['-p'], 'is where metrics are read'],
    [['-p', '-u', 'http://pi:9091/metrics/job/'], 'empty or missing value'],
    [['-p', '-b', '-u', url], 'ignores protobuf'],
    [['-e', '-p', '-u', 'http://pi:9091/metrics'], 'is where metrics are read'],
    [['-p', '--textfile', '/nowhere/x.prom', '-u', 'nonsense'], 'not one of http or https'],
    [['push', '-e', '-u', url], '--exporter does not go with push'],
    [['-p', '--buffer', '/nowhere', '-u', url], '--buffer does nothing here'],
    [['-e', '--buffer', '/nowhere'], 'nothing is pushed: add --push-url'],
    [['-e', '--push-token-file', '/nowhere'], '--push-token-file does nothing here'],
    [['--textfile', 'x.prom', '--push-user', 'anna'], '--push-user does nothing here'],
  ])('%j', async (argv, text) => {
    const { code, stderr } = await outcome(...argv, '--adapter', 'unix:/nowhere/ether.sock');
    expect([code, stderr]).toEqual([2, expect.stringContaining(text)]);
  });
});

describe.each(['settings', 'events'])('%s', (command) => {
  test.each(['rust', 'R', 'metrics'])(
    'have no format %s, and those that there are are named',
    async (format) => {
      expect(await outcome('--adapter', 'sim', command, '-f', format)).toEqual({
        code: 2,
        stdout: '',
        stderr: `ubmsc: ${command} has no format ${format}; give one of text, json, json-pretty, yaml, toml, toml-pretty, csv\n`,
      });
    },
  );
});

test('--version with -l debug says on what it runs', async () => {
  expect((await outcome('--version')).stdout.split('\n')).toHaveLength(2);
  const { code, stdout } = await outcome('--version', '-l', 'debug');
  expect(code).toBe(0);
  expect(stdout).toContain(process.version);
  expect(stdout).toContain(process.arch);
  expect(stdout).toMatch(/bluetooth the native part loads|bluetooth .*missing|bluetooth .*another system/);
});

test('a full disk is a fault of the place, not of the program', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  vi.spyOn(process.stdout, 'write').mockImplementation((...all: readonly unknown[]) => {
    const done = all.at(-1);
    if (typeof done === 'function')
      done(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
    return false;
  });
  expect(await run(['simulate', '--list-loads'])).toBe(2);
  expect(written.mock.calls.map(([text]) => text)).toEqual([
    expect.stringMatching(/^ubmsc: the output cannot be written: ENOSPC.*; make room/),
  ]);
});

test('recordings are played together into any command, whatever their files are called', async () => {
  const recording = readFileSync(new URL('../../../fixtures/jk02-32s-11.288.jsonl', import.meta.url));
  const files = ['a?b.jsonl', 'c,d %3F.jsonl'].map((name) => join(folder, name));
  for (const file of files) writeFileSync(file, recording);
  const { code, stdout, stderr } = await outcome(
    'replay',
    ...files,
    '--speed',
    '20',
    '--to',
    'read',
    '-f',
    'json',
  );
  expect([code, stderr]).toEqual([0, '']);
  const { cell_data: readings }: { readonly cell_data: readonly unknown[] } = JSON.parse(stdout);
  expect(readings).toHaveLength(2);
});

test('a battery by its name and by its address is read once', async () => {
  const { code, stdout } = await outcome(
    '--adapter',
    'sim:2',
    'read',
    'UPS_BMS',
    'C8:47:80:00:00:01',
    '-f',
    'json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ cell_data: [{ address: 'C8:47:80:00:00:01' }] });
});

test('the beginning of a name is enough where only one battery begins so', async () => {
  const { code, stdout } = await outcome('--adapter', 'sim', '-t', '5', 'info', 'ups', '-f', 'json');
  expect(code).toBe(0);
  expect(stdout).toContain('UPS_BMS');
  expect((await outcome('--adapter', 'sim:2', '-t', '1', 'info', 'up', '-f', 'json')).code).toBe(4);
});

test('doctor prints a document in the format that is asked for', async () => {
  const { stdout } = await outcome('--adapter', 'sim', 'doctor', '--for', '1s', '-f', 'json');
  expect(JSON.parse(stdout)).toMatchObject({
    doctor: expect.arrayContaining([expect.objectContaining({ stage: 'program' })]),
  });
});

test('check says a line for each battery, for Nagios', async () => {
  const { code, stdout } = await outcome('--adapter', 'sim', 'check', '--critical', 'remain_percent=200:');
  expect(code).toBe(2);
  expect(stdout).toMatch(
    /^CRITICAL UPS_BMS: remain_percent is [\d.]+, not 200: \| .*'UPS_BMS battery_voltage'=/,
  );
  expect((await outcome('--adapter', 'sim', 'check', '--warning', 'x=1')).code).toBe(3);
});

test('check says what is wrong with a range, and what one is', async () => {
  const { code, stdout } = await outcome('check', '--warning', 'frob=1');
  expect([code, stdout]).toEqual([
    3,
    expect.stringMatching(/^UNKNOWN "frob=1" is not .*; write NAME=RANGE,/),
  ]);
});

test('check says of a battery that is not there why, after one that is worse', async () => {
  const argv = ['check', 'nobody', 'UPS_BMS', '--critical', 'remain_percent=200:'];
  const { code, stdout } = await outcome('--adapter', 'sim', '-t', '2', ...argv);
  expect(code).toBe(2);
  expect(stdout).toMatch(/^CRITICAL UPS_BMS: .*\nUNKNOWN "nobody" was not received/);
}, 30_000);

test('a variant that another one explains better is refused in a sentence', async () => {
  const argv = ['--adapter', 'sim', '--variant', 'jk04', '-r', '1', '-c'];
  const { code, stdout, stderr } = await outcome(...argv);
  expect([code, stdout]).toEqual([6, '']);
  expect(stderr).toMatch(/^ubmsc: .* cannot be read as jk04: .*; leave out --variant: it is jk02-32s\n$/);
}, 30_000);

test.each([
  ['check', '--bogus'],
  ['check', '-t', 'x'],
  ['check', '--exporter'],
  ['check', '-f', 'json'],
])('to Nagios, the command line %j is unknown and not critical', async (...argv) => {
  const { code, stderr } = await outcome(...argv);
  expect([code, stderr]).toEqual([3, expect.stringMatching(/^ubmsc: .*\n$/)]);
});

test('a capture does not write over a file', async () => {
  const file = join(folder, 'capture.btsnoop');
  writeFileSync(file, 'mine');
  const { code, stderr } = await outcome('--adapter', 'sim', '-c', '--snoop', file);
  expect([code, stderr]).toEqual([2, expect.stringContaining('is there already')]);
  expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([['capture.btsnoop'], 'mine']);
});

test('decode shows the groups that are asked for', async () => {
  const file = join(folder, 'nothing.txt');
  writeFileSync(file, '');
  expect((await outcome('decode', file, '-i')).stderr).not.toContain('does not go with');
});

test('a battery that is not there is named in a sentence', async () => {
  for (const argv of [['watch'], ['record', '-o', `${folder}/`]]) {
    const { code, stderr } = await outcome('--adapter', 'sim', '-d', 'NOPE', ...argv, '--for', '1s');
    expect([code, stderr]).toEqual([4, expect.stringMatching(/^ubmsc: NOPE was not received; it is .*\n$/)]);
  }
});

test('a second import writes over nothing, and each recording that it makes is whole', async () => {
  expect((await outcome('--adapter', 'sim:2', '-i', '-c', '--snoop', join(folder, 'x.btsnoop'))).code).toBe(
    0,
  );
  // Captures of one process are numbered.
  const capture = join(folder, readdirSync(folder)[0] ?? '');
  const output = join(folder, 'recordings/');
  expect((await outcome('import', capture, '-o', output)).code).toBe(0);
  const whole = new Map(readdirSync(output).map((name) => [name, readFileSync(join(output, name), 'utf8')]));
  expect(whole.size).toBe(2);
  for (const name of whole.keys()) {
    rmSync(join(output, name));
    const { code, stderr } = await outcome('import', capture, '-o', output);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is there already')]);
    expect(
      new Map(readdirSync(output).map((each) => [each, readFileSync(join(output, each), 'utf8')])),
    ).toEqual(whole);
  }
});

test.each([
  ['--web', '--state', 'x'],
  ['--adapter', 'sim:5'],
  ['-d', 'house'],
])('demo %s is refused: it would do nothing', async (...args) => {
  const { code, stderr } = await outcome('demo', ...args);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^ubmsc: --\w+ does nothing here; the demo /)]);
});

test('a file that is not a recording is not imported, and makes no history', async () => {
  writeFileSync(join(folder, 'x.txt'), 'hello\n');
  const { code } = await outcome(
    'history',
    'import',
    join(folder, 'x.txt'),
    '--state',
    join(folder, 'state'),
  );
  expect([code, readdirSync(folder)]).toEqual([2, ['x.txt']]);
});

test('the history of a bank is asked for by its name', async () => {
  mkdirSync(join(folder, 'history', 'bank-house'), { recursive: true });
  const { code, stdout } = await outcome('history', 'house', '--days', '--state', folder);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^house \(bank-house\), days of /)]);
});
