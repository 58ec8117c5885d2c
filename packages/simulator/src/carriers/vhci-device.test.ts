import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdapterError } from '@ubmsc/session';
import { expect, test } from 'vitest';
import { readerOf, vhciError } from './vhci-device.ts';

const linux = { platform: 'linux', kernel: '6.12.0-test', hasModule: true };
const failed = (code: string): Error => Object.assign(new Error(`${code}: open '/dev/vhci'`), { code });

test.each([
  ['the module is installed', 'ENOENT', linux, /is missing/, /modprobe hci_vhci/],
  ['the module is installed, and its device is there', 'ENODEV', linux, /is missing/, /modprobe hci_vhci/],
  ['nobody can tell', 'ENOENT', { ...linux, hasModule: undefined }, /is missing/, /modprobe hci_vhci/],
  ['the kernel has none', 'ENOENT', { ...linux, hasModule: false }, /6\.12\.0-test, has no/, /serveEther/],
  ['the user may not', 'EACCES', linux, /may not be used by this user/, /sudo/],
  ['the container may not', 'EPERM', linux, /may not be used by this user/, /--device/],
  ['it is not Linux', 'ENOENT', { ...linux, platform: 'darwin' }, /darwin has no/, /Linux/],
  ['there is another reason', 'EMFILE', linux, /EMFILE/, /dmesg/],
])('without /dev/vhci, because %s, the error says what to do', (_, code, machine, message, hint) => {
  const error = vhciError(failed(code), machine);
  expect(error).toBeInstanceOf(AdapterError);
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});

test('a reader hands over what comes from a descriptor, and closes it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
  const path = join(folder, 'device');
  execFileSync('mkfifo', [path]);
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const reader = readerOf(descriptor);
  const read = once(reader, 'data');
  writeSync(descriptor, 'packet');
  expect(String(await read)).toBe('packet');
  reader.destroy();
  await once(reader, 'close');
  expect(() => closeSync(descriptor)).toThrow('EBADF');
  rmSync(folder, { recursive: true });
});
