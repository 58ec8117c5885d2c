import fs from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordingHeader } from '@ubmsc/recording';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecordingFiles } from './recording-files.ts';

const header: RecordingHeader = {
  format: 'ubmsc-recording',
  version: 1,
  started: '2026-11-29T12:00:00Z',
  origin: 'ubmsc on sim',
  device: { address: 'C8:47:80:00:00:01', name: 'VAN', model: 'JK_BD4A8S4P' },
  layout: 'jk02-32s',
  mtu: 131,
  gatt: [],
  simulated: true,
  redacted: false,
  anonymized: false,
};

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-recordings-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

test('a recording that is over is on the disk, not on its way there', async () => {
  const synced = vi.spyOn(fs, 'fsync');
  const output = join(folder, 'van.jsonl');
  const file = new RecordingFiles({ output }).open(header);
  file.write('{}\n');
  await file.flush(1);
  expect(synced).not.toHaveBeenCalled();
  await file.close();
  expect(synced).toHaveBeenCalledOnce();
  expect(await readFile(output, 'utf8')).toBe('{}\n');
});
