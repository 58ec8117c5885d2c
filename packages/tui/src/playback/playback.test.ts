import type { BatteryEvent } from '@ubmsc/session';
import { describe, expect, test } from 'vitest';
import { changed, fixture, inPieces, until } from '../../test/recordings.ts';
import { Playback } from './playback.ts';

const weakCell = fixture('weak-cell');
const newest = fixture('jk02-32s-19.27');
const never = new AbortController().signal;

async function loaded(...texts: readonly string[]): Promise<{ playback: Playback; events: BatteryEvent[] }> {
  const playback = new Playback(texts.map((text, index) => inPieces(text, `${index}.jsonl`)));
  const events: BatteryEvent[] = [];
  playback.observe((event) => events.push(event));
  await playback.load(never);
  return { playback, events };
}

const device = { address: 'C8:47:80:00:00:02', name: 'WEAK_CELL' };

describe('a playback', () => {
  test('begins and ends with its recording, and has its battery', async () => {
    const { playback, events } = await loaded(weakCell);
    expect(playback.start).toBe(Date.parse('2026-01-01T00:00:00.000Z'));
    expect(playback.now()).toBe((playback.start ?? 0) + 70_000);
    expect(playback).toMatchObject({ isComplete: true, remarks: [] });
    expect(playback.statuses).toHaveLength(1);
    expect(playback.statuses[0]).toMatchObject({ device: 'WEAK_CELL', state: 'closed', simulated: true });
    expect(events.filter(({ kind }) => kind === 'reading').length).toBeGreaterThan(50);
  });

  test('tells what has happened with several batteries in the order in which it did', async () => {
    const { playback, events } = await loaded(changed(newest, 20_000), weakCell);
    expect(playback.statuses.map((status) => status.device)).toEqual(['WEAK_CELL', '601097A00001-00']);
    const states = events.filter(({ kind }) => kind === 'state');
    expect(states.map(({ time }) => time)).toEqual(
      states.map(({ time }) => time).toSorted((one, other) => one - other),
    );
    expect(new Set(states.slice(0, 10).map(({ status }) => status.device)).size).toBe(2);
  });

  test('takes parts of one recording for one battery, and others of the same name for others', async () => {
    const parts = await loaded(changed(weakCell, 80_000, { part: 2 }), changed(weakCell, 0, { part: 1 }));
    expect(parts.playback.statuses.map((status) => status.device)).toEqual(['WEAK_CELL']);
    const others = await loaded(weakCell, changed(weakCell, 0, { device }), weakCell);
    expect(others.playback.statuses.map((status) => status.device)).toEqual([
      'WEAK_CELL',
      'WEAK_CELL C8:47:80:00:00:02',
      'WEAK_CELL C8:47:80:00:00:01',
    ]);
  });

  test('says when the last line was cut off', async () => {
    const { playback } = await loaded(weakCell.slice(0, -20));
    expect(playback.remarks).toEqual(['0.jsonl was cut off: its last line is left out']);
  });

  test('says when there is more than what can be kept, and keeps the beginning', async () => {
    const playback = new Playback([inPieces(weakCell)], { readings: 20, changes: 1000 });
    await playback.load(never);
    expect(playback.remarks).toEqual([expect.stringMatching(/^the rest is left out: only 20 readings and/)]);
    expect(playback.now() - (playback.start ?? 0)).toBeLessThan(30_000);
    expect(playback.isComplete).toBe(true);
  });

  test.each([
    ['', 'van.jsonl: the recording is empty'],
    ['{"some":"thing"}\n', 'van.jsonl: it is not a recording'],
    [
      weakCell.replace('"state":"streaming"', '"state":"dancing"'),
      'van.jsonl: line 29 of the recording is wrong',
    ],
    [weakCell.replace('{"ms":25000', '{"ms":2'), 'of the recording is wrong: ms steps back'],
  ])('of what is not a recording fails with file and line', async (text, message) => {
    await expect(new Playback([inPieces(text)]).load(never)).rejects.toThrow(message);
  });

  test('of a recording without events has its battery and no length', async () => {
    const { playback } = await loaded(until(weakCell, -1));
    expect(playback.statuses[0]).toMatchObject({ state: 'waiting', reading: undefined });
    expect(playback.now()).toBe(playback.start);
  });

  test('stops reading when it is aborted, and closes what it reads', async () => {
    const closing = new AbortController();
    let closed = false;
    const { pieces } = inPieces(weakCell);
    const watched = {
      name: 'van.jsonl',
      pieces: (async function* () {
        try {
          yield* pieces;
        } finally {
          closed = true;
        }
      })(),
    };
    const playback = new Playback([watched]);
    playback.observe(() => closing.abort(new Error('enough')));
    await expect(playback.load(closing.signal)).rejects.toThrow('enough');
    expect(closed).toBe(true);
  });
});
