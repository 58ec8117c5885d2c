import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { formats, type DeviceResult, type Format } from '../formats/index.ts';
import { Pages } from './pages.ts';
import { goldenFrame } from './test/golden.ts';
import { toResult } from './to-result.ts';

const frame = goldenFrame('32s-logbook');
const logbook: DeviceResult = toResult({ frame, number: 1, offset: 0 }, 'jk02-32s', {}) ?? {
  device: 'none',
  simulated: false,
};

async function printed(format: Format, count: number): Promise<string[]> {
  const pages: string[] = [];
  const writer = await Pages.of(format, {}, async (piece) => void pages.push(String(piece)));
  for (let index = 0; index < count; index++) await writer.add(logbook, 'logbook');
  await writer.end();
  return pages;
}

describe('frames of a capture', () => {
  test('are text as they come', async () => {
    const pages = await printed(formats.text, 3);
    expect(pages).toHaveLength(3);
    expect(pages.map((page) => page.startsWith('\nframe 1'))).toEqual([false, true, true]);
  });

  test('are one document of another format, with the groups that they have', async () => {
    const document: Readonly<Record<string, unknown[]>> = JSON.parse(
      (await printed(formats.json, 3)).join(''),
    );
    expect(Object.keys(document)).toEqual(['logbook']);
    expect(document['logbook']).toHaveLength(3);
  });

  test('are several documents when they are too many for one, which parsers tell apart', async () => {
    const json = (await printed(formats.json, 9000)).join('');
    expect(
      json
        .trim()
        .split('\n')
        .map((line) => Object.keys(JSON.parse(line))),
    ).toHaveLength(3);
    const yaml = (await printed(formats.yaml, 4001)).join('');
    expect(parseAllDocuments(yaml)).toHaveLength(2);
    const toml = (await printed(formats.toml, 4001)).join('');
    expect(parse(toml)['logbook']).toHaveLength(4001);
  });

  test('of nothing are nothing', async () => {
    expect(await printed(formats.json, 0)).toEqual([]);
  });

  test('too many for the one document of a format are counted', async () => {
    const pages = await Pages.of(formats.metrics, {}, async () => {});
    for (let index = 0; index < 4010; index++) await pages.add(logbook, 'logbook');
    expect(pages.leftOut).toBe(10);
  });
});
