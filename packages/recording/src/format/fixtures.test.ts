import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode, encode, layouts, NotificationParser, VariantDetector, type Layout } from '@ubmsc/protocol';
import { parseRecording } from './recording-reader.ts';

const folder = new URL('../../../../fixtures/', import.meta.url);

describe.each(readdirSync(folder).filter((name) => name.endsWith('.jsonl')))('the recording %s', (name) => {
  const { header, events, isTorn } = parseRecording(readFileSync(new URL(name, folder), 'utf8'));
  const parser = new NotificationParser();
  const items = events.flatMap((event) =>
    event.kind === 'notify' ? parser.push(event.bytes, event.ms) : [],
  );
  const frames = items.flatMap((item) => (item.kind === 'frame' ? item.frame : []));

  test('is whole, redacted, and says what it shows', () => {
    expect(isTorn).toBe(false);
    expect(header).toMatchObject({ redacted: true, simulated: true });
    expect(header.note).toMatch(/\w/);
  });

  test('has frames of the layout that its header names, and nothing that is not a message', () => {
    const detector = new VariantDetector();
    for (const frame of frames) detector.observe(frame);
    expect(detector.verdict.candidates).toEqual([header.layout]);
    expect(items.filter(({ kind }) => kind === 'discarded')).toEqual([]);
    expect(new Set(frames.map(({ record }) => record))).toEqual(
      new Set(['deviceInfo', 'settings', 'cellData']),
    );
  });

  test('has frames that are the same when they are decoded and encoded', () => {
    const { layout = 'jk02-32s' } = header;
    const of: Readonly<Record<string, Layout>> = layouts[layout];
    for (const { record, bytes, counter } of frames) {
      const table = of[record];
      if (!table) throw new Error(`${record} has no layout`);
      expect(encode(table, decode(table, { record, bytes, counter })).bytes).toEqual(bytes);
    }
  });
});
