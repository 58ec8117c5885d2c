import { describe, expect, test } from 'vitest';
import { describeCorpus, fromHex, readSessions } from '@ubmsc/testing';
import {
  cellFields,
  FRAME_LENGTH,
  sealFrame,
  variants,
  StreamParser,
  type CellFields,
} from '@ubmsc/protocol';
import { FreshnessMonitor } from './freshness.ts';

const fields: CellFields = cellFields(sealFrame('cellData', new Uint8Array(FRAME_LENGTH)), 'jk02-32s');

/** A record that measures something else each time. */
const bytesOf = (measured: number): Uint8Array => new Uint8Array(FRAME_LENGTH).fill(measured & 0xff);

/** When the first record that is not live comes, in seconds; two records a second for a minute. */
function frozenAfter(
  recordAt: (tick: number) => Partial<CellFields>,
  measuredAt: (tick: number) => number = (tick) => tick,
): number | undefined {
  const monitor = new FreshnessMonitor();
  for (let tick = 0; tick < 120; tick++) {
    if (!monitor.observe({ ...fields, ...recordAt(tick) }, bytesOf(measuredAt(tick)), tick * 500))
      return tick / 2;
  }
  return undefined;
}

describe('what a battery sends is live', () => {
  test('while its counter and its clock move', () => {
    expect(frozenAfter((tick) => ({ frameCounter: tick & 0xff, sysRunTicks: tick / 2 }))).toBeUndefined();
  });

  test('with a clock of whole seconds, and without ticks', () => {
    const inSeconds = (tick: number): Partial<CellFields> => ({
      frameCounter: tick & 0xff,
      totalRuntime: tick >> 1,
    });
    expect(frozenAfter(inSeconds)).toBeUndefined();
  });

  test('no more as soon as the same record comes again', () => {
    expect(
      frozenAfter((tick) => ({
        frameCounter: Math.min(tick, 20),
        sysRunTicks: (1 + Math.min(tick, 20)) / 2,
      })),
    ).toBe(10.5);
  });

  test('no more when its counter moves but its clock of tenths stands still', () => {
    expect(frozenAfter((tick) => ({ frameCounter: tick & 0xff, sysRunTicks: 7 }))).toBe(0.5);
  });

  test('no more when a clock of whole seconds stands still for two and a half', () => {
    expect(frozenAfter((tick) => ({ frameCounter: tick & 0xff, totalRuntime: 7 }))).toBe(2.5);
  });

  test('no more when its counter moves and its content is equal to the last bit, within the same second', () => {
    const inSeconds = (tick: number): Partial<CellFields> => ({
      frameCounter: tick & 0xff,
      totalRuntime: Math.min(tick, 21) >> 1,
    });
    expect(frozenAfter(inSeconds, (tick) => Math.min(tick, 20))).toBe(10.5);
  });

  test('of a battery that measures the same to the last bit from now on, but for the first two that are equal', () => {
    const rests = (tick: number): number => Math.min(tick, 20);
    const monitor = new FreshnessMonitor();
    const live = Array.from({ length: 120 }, (_, tick) =>
      monitor.observe(
        { ...fields, frameCounter: tick, totalRuntime: tick >> 1 },
        bytesOf(rests(tick)),
        tick * 500,
      ),
    );
    expect(live.flatMap((isLive, tick) => (isLive ? [] : [tick]))).toEqual([21]);
  });

  test('again as soon as it moves again', () => {
    const monitor = new FreshnessMonitor();
    monitor.observe({ ...fields, frameCounter: 1, sysRunTicks: 1 }, bytesOf(1), 0);
    expect(monitor.observe({ ...fields, frameCounter: 1, sysRunTicks: 1 }, bytesOf(1), 20_000)).toBe(false);
    expect(monitor.observe({ ...fields, frameCounter: 2, sysRunTicks: 2 }, bytesOf(2), 20_500)).toBe(true);
  });
});

describeCorpus('real sessions', () => {
  test('are live from end to end', () => {
    for (const { id, variant: name, events } of readSessions()) {
      const variant = variants.find((each) => each === name);
      const parser = new StreamParser();
      const monitor = new FreshnessMonitor();
      for (const { dir, hex, t_ms: time } of events) {
        if (dir !== 'notify') continue;
        for (const item of parser.push(fromHex(hex))) {
          if (item.kind !== 'frame' || item.frame.record !== 'cellData' || !variant) continue;
          expect(
            monitor.observe(cellFields(item.frame, variant), item.frame.bytes, time),
            `${id} at ${time} ms`,
          ).toBe(true);
        }
      }
    }
  });
});
