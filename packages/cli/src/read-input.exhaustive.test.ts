import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { UsageError } from '@ubmsc/base';
import { afterAll, describe, expect, test } from 'vitest';
import { randomFrom, mutated, times } from '@ubmsc/testing';
import { readInput } from './read-input.ts';

const folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MUTATIONS = times(100, 500);

const random = randomFrom(1);
const content = Buffer.from(Uint8Array.from({ length: 30_000 }, () => random(64)));

const latin1 = (bytes: Buffer): string => bytes.toString('latin1');

/** What is read, in Latin-1: element by element, buffers take long to compare. */
async function read(bytes: Uint8Array, signal = new AbortController().signal): Promise<[string, number]> {
  const path = join(folder, 'input');
  writeFileSync(path, bytes);
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of readInput(path, signal, (more) => (octets += more))) chunks.push(chunk);
  return [latin1(Buffer.concat(chunks)), octets];
}

describe('an input', () => {
  test('is given as it is, or unpacked where gzip has packed it; what was read of the file is told', async () => {
    const packed = gzipSync(content);
    expect(await read(content)).toEqual([latin1(content), content.length]);
    expect(await read(packed)).toEqual([latin1(content), packed.length]);
    expect(await read(Buffer.concat([packed, packed]))).toEqual([
      latin1(content).repeat(2),
      2 * packed.length,
    ]);
    for (const bytes of [Buffer.alloc(0), Buffer.from([0x1f]), Buffer.from([0x1f, 0x8b])])
      expect(await read(bytes)).toEqual([latin1(bytes), bytes.length]);
  });

  test('that gzip has packed and that is cut off is given up to there', async () => {
    const packed = gzipSync(content);
    const [found] = await read(packed.subarray(0, packed.length / 2));
    expect(found.length).toBeGreaterThan(content.length / 4);
    expect(found).toEqual(latin1(content).slice(0, found.length));
  });

  test('that gzip has packed and that is damaged is given, or is a usage error', async () => {
    const files = [gzipSync(content.subarray(0, 2000))];
    let refused = 0;
    for (let seed = 1; seed <= MUTATIONS; seed++) {
      try {
        await read(mutated(files, randomFrom(seed)));
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        expect(error.message).toContain('its gzip data is damaged');
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(MUTATIONS / 10);
  });

  test('ends with the reason of the signal', async () => {
    const reason = new Error('enough');
    await expect(read(gzipSync(content), AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
