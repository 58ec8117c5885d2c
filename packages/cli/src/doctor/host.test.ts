import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkAdapter, checkHost, checkOthers, checkPermission, checkProgram, checkRfkill } from './host.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ubmsc-doctor-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Files of a system, by their paths. */
async function system(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

describe('the radio switch', () => {
  test('that blocks Bluetooth is found, with the command that frees it', async () => {
    await system({
      'sys/class/rfkill/rfkill0/type': 'wlan\n',
      'sys/class/rfkill/rfkill0/soft': '1\n',
      'sys/class/rfkill/rfkill1/type': 'bluetooth\n',
      'sys/class/rfkill/rfkill1/soft': '1\n',
      'sys/class/rfkill/rfkill1/hard': '0\n',
    });
    expect(await checkRfkill({ device: 0, root })).toMatchObject({
      outcome: 'failed',
      hint: 'rfkill unblock bluetooth',
      exitCode: 3,
    });
  });

  test('that blocks Wi-Fi only does no harm', async () => {
    await system({ 'sys/class/rfkill/rfkill0/type': 'wlan\n', 'sys/class/rfkill/rfkill0/soft': '1\n' });
    expect(await checkRfkill({ device: 0, root })).toMatchObject({ outcome: 'ok' });
  });

  test('of the machine cannot be freed by a command', async () => {
    await system({ 'sys/class/rfkill/rfkill0/type': 'bluetooth', 'sys/class/rfkill/rfkill0/hard': '1' });
    expect(await checkRfkill({ device: 0, root })).toMatchObject({ outcome: 'failed', hint: 'turn it on' });
  });

  test('is skipped where there is none', async () => {
    expect(await checkRfkill({ device: 0, root })).toMatchObject({ outcome: 'skipped' });
  });
});

describe('the adapter', () => {
  test('that is there is named with bus and address', async () => {
    await system({
      'sys/class/bluetooth/hci0/address': '00:1A:7D:DA:71:13\n',
      'sys/class/bluetooth/hci0/device/modalias': 'usb:v0A12p0001d8891\n',
    });
    expect(await checkAdapter({ device: 0, root })).toMatchObject({
      outcome: 'ok',
      text: 'hci0 is there (USB, 00:1A:7D:DA:71:13)',
    });
  });

  test('that is not there fails, and another one is named', async () => {
    await system({ 'sys/class/bluetooth/hci1/address': '00:1A:7D:DA:71:13\n' });
    expect(await checkAdapter({ device: 0, root })).toMatchObject({
      outcome: 'failed',
      text: 'there is no adapter hci0, only hci1',
      hint: 'choose it with --adapter hci1',
      exitCode: 3,
    });
  });
});

describe('the permission', () => {
  test.each([
    ['0000000000003000', 'ok', 'CAP_NET_RAW and CAP_NET_ADMIN'],
    ['0000000000002000', 'ok', 'CAP_NET_RAW'],
    ['0000000000000000', 'failed', 'this process lacks CAP_NET_RAW and CAP_NET_ADMIN'],
  ])('with the capabilities %s: %s, %s', async (capabilities, outcome, text) => {
    await system({ 'proc/self/status': `Name:\tnode\nCapEff:\t${capabilities}\n` });
    expect(await checkPermission({ root })).toMatchObject({ outcome, text });
  });

  test('is skipped where it cannot be told', async () => {
    expect(await checkPermission({ root })).toMatchObject({ outcome: 'skipped' });
  });
});

test('programs that use the adapter, too, are named once each', async () => {
  await system({
    'proc/1/comm': 'systemd\n',
    'proc/70/comm': 'bluetoothd\n',
    'proc/71/comm': 'bluetoothd\n',
  });
  expect(await checkOthers({ root })).toMatchObject({
    outcome: 'ok',
    text: 'bluetoothd uses it, too',
    hint: expect.stringContaining('--adapter bluez'),
  });
});

test('a clock that was never set is found', async () => {
  expect(await checkHost(root, 0)).toMatchObject({ outcome: 'failed', exitCode: 1 });
  expect(await checkHost(root)).toMatchObject({ outcome: 'ok' });
});

describe('the native part', () => {
  test.each([
    ['is missing', 'MODULE_NOT_FOUND', "Cannot find module '@stoprocent/bluetooth-hci-socket'", /missing/],
    [
      'was built for another Node',
      'ERR_DLOPEN_FAILED',
      'was compiled against a different Node.js version using NODE_MODULE_VERSION 115',
      /another system or Node/,
    ],
  ])('that %s is found, with what to do', async (_, code, message, text) => {
    const load = (): never => {
      throw Object.assign(new Error(message), { code });
    };
    const finding = await checkProgram(true, load);
    expect(finding).toMatchObject({ outcome: 'failed', exitCode: 3, text: expect.stringMatching(text) });
    expect(finding.hint).toBeTruthy();
  });
});

test('the switch of another controller does not matter', async () => {
  await system({
    'sys/class/rfkill/rfkill0/type': 'bluetooth\n',
    'sys/class/rfkill/rfkill0/name': 'hci1\n',
    'sys/class/rfkill/rfkill0/soft': '1\n',
  });
  expect(await checkRfkill({ device: 0, root })).toMatchObject({ outcome: 'ok' });
  expect(await checkRfkill({ device: 1, root })).toMatchObject({ outcome: 'failed' });
});

test('the native part is not asked for where no radio is used', async () => {
  expect(await checkProgram(false)).toMatchObject({ outcome: 'ok' });
});
