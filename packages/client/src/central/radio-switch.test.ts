import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { radioSwitches } from './radio-switch.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ubmsc-rfkill-'));
});

afterEach(async () => await rm(root, { recursive: true }));

async function addSwitch(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const folder = join(root, 'sys/class/rfkill', name);
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), `${text}\n`);
}

test('without switches nothing is blocked', () => {
  expect(radioSwitches({ root })).toEqual({ count: 0, block: undefined });
});

test('a switch of Wi-Fi does not count', async () => {
  await addSwitch('rfkill0', { type: 'wlan', name: 'phy0', soft: '1', hard: '0' });
  expect(radioSwitches({ root })).toEqual({ count: 1, block: undefined });
});

test('the switch of a controller counts for that one, and where none is named', async () => {
  await addSwitch('rfkill1', { type: 'bluetooth', name: 'hci1', soft: '1', hard: '0' });
  expect(radioSwitches({ root, device: 1 }).block).toBe('soft');
  expect(radioSwitches({ root, device: 0 }).block).toBeUndefined();
  expect(radioSwitches({ root }).block).toBe('soft');
});

test('the switch of a machine counts for every controller, and before what a command blocks', async () => {
  await addSwitch('rfkill0', { type: 'bluetooth', name: 'hci0', soft: '1', hard: '0' });
  await addSwitch('rfkill1', { type: 'bluetooth', name: 'tpacpi_bluetooth_sw', soft: '0', hard: '1' });
  expect(radioSwitches({ root, device: 0 }).block).toBe('hard');
});
