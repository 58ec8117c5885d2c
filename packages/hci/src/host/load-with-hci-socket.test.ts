import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { duplexPair, type Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HciSocket } from './hci-socket.ts';
import { loadWithHciSocket } from './load-with-hci-socket.ts';

/** What the host of these tests exports: its socket, and what it found when it was loaded. */
interface FakeHost {
  readonly socket: HciSocket | 'real';
  readonly shared: object;
  readonly nested: object;
  readonly userChannel: string | undefined;
}

let directory: string;
let parent: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'load-')));
  parent = join(directory, 'index.js');
  write('host/package.json', '{ "main": "index.js" }');
  write('host/index.js', "module.exports = require('./lib/hci');");
  write(
    'host/lib/hci.js',
    `const Socket = require('@abandonware/bluetooth-hci-socket');
    exports.socket = Socket === 'real' ? Socket : new Socket();
    exports.shared = require('shared');
    exports.nested = require('nested');
    exports.userChannel = process.env.HCI_CHANNEL_USER;`,
  );
  write('shared/index.js', 'module.exports = {};');
  write('host/node_modules/nested/index.js', 'module.exports = {};');
  write('@abandonware/bluetooth-hci-socket/index.js', "module.exports = 'real';");
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

function write(path: string, text: string): void {
  const file = join(directory, 'node_modules', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function load(open: () => Duplex = () => duplexPair()[0]): FakeHost {
  return loadWithHciSocket((require): FakeHost => require('host'), { parent, packageName: 'host', open });
}

test('each load gives a host of its own with its own socket', () => {
  const [first, second] = [load(), load()];
  expect(first).not.toBe(second);
  expect(first.socket).not.toBe(second.socket);
});

test('the stream is opened when the host binds', () => {
  const stream = duplexPair()[0];
  const open = vi.fn<() => Duplex>(() => stream);
  const { socket } = load(open);
  expect(open).not.toHaveBeenCalled();
  if (socket !== 'real') socket.bindUser();
  expect(open).toHaveBeenCalledTimes(1);
});

test('modules of other packages are shared', () => {
  const [first, second] = [load(), load()];
  expect(first.shared).toBe(second.shared);
  expect(first.nested).toBe(second.nested);
});

test('whoever requires the package gets the real one, before and after', () => {
  const require = createRequire(parent);
  const before: FakeHost = require('host');
  expect(before.socket).toBe('real');
  expect(load().socket).not.toBe('real');
  expect(require('host')).toBe(before);
});

test('whoever requires the package only afterwards gets the real one', () => {
  expect(load().socket).not.toBe('real');
  const after: FakeHost = createRequire(parent)('host');
  expect(after.socket).toBe('real');
});

test('the host is loaded in user-channel mode, and the environment is as before', () => {
  vi.stubEnv('HCI_CHANNEL_USER', undefined);
  expect(load().userChannel).toBe('1');
  expect('HCI_CHANNEL_USER' in process.env).toBe(false);
  vi.stubEnv('HCI_CHANNEL_USER', '0');
  load();
  expect(process.env['HCI_CHANNEL_USER']).toBe('0');
});

test('a host that cannot be loaded leaves everything as it was', () => {
  const require = createRequire(parent);
  const before: FakeHost = require('host');
  const failing = (): never => {
    throw new Error('no');
  };
  const options = { parent, packageName: 'host', open: () => duplexPair()[0] };
  expect(() => loadWithHciSocket(failing, options)).toThrow('no');
  expect(require('host')).toBe(before);
  expect(require('@abandonware/bluetooth-hci-socket')).toBe('real');
});

test('the native package need not be installed', () => {
  rmSync(join(directory, 'node_modules/@abandonware'), { recursive: true });
  expect(load().socket).not.toBe('real');
});

test('a host on the raw channel does not take the controller for its own', () => {
  vi.stubEnv('HCI_CHANNEL_USER', '1');
  const options = { parent, packageName: 'host', open: () => duplexPair()[0], mode: 'raw' } as const;
  expect(loadWithHciSocket((require): FakeHost => require('host'), options).userChannel).toBeUndefined();
  expect(process.env['HCI_CHANNEL_USER']).toBe('1');
});

test('without the host there is an error with a hint', () => {
  rmSync(join(directory, 'node_modules/host'), { recursive: true });
  expect(() => load()).toThrow(
    expect.objectContaining({
      name: 'EtherError',
      message: 'host is not installed',
      hint: expect.stringContaining('host'),
    }),
  );
});

test('what the host writes to the console, at any time, is told to the caller, and other packages keep theirs', () => {
  write('host/index.js', "exports.warn = (text) => console.warn('handle %s', text); console.log('loaded');");
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const lines: string[] = [];
  const options = { parent, packageName: 'host', open: () => duplexPair()[0] };
  const host = loadWithHciSocket((require): { warn(text: string): void } => require('host'), {
    ...options,
    said: (text) => lines.push(text),
  });
  host.warn('64');
  expect(lines).toEqual(['loaded', 'handle 64']);
  expect(warn).not.toHaveBeenCalled();
  write('other/index.js', "module.exports = () => console.warn('other');");
  const other: () => void = createRequire(parent)('other');
  other();
  expect(warn).toHaveBeenCalledExactlyOnceWith('other');
});
