import type { BatteryStatus } from '@ubmsc/session';
import { expect, test, vi } from 'vitest';
import { FakeSource } from '../../test/fake-source.ts';
import { joined, Past, type PastRow, type PastStretch } from './past.ts';

function status(): BatteryStatus {
  const source = new FakeSource();
  source.add('VAN');
  const [first] = source.statuses;
  if (!first) throw new Error('no battery');
  return first;
}

const row = (time: number, value: number, length = 10): PastRow => ({
  time,
  length,
  low: value - 1,
  high: value + 1,
  mean: value,
  last: value,
});

test('the past is blank until it was read, and then says so', async () => {
  const changed = vi.fn<() => void>();
  const past = new Past(
    async () => await Promise.resolve(new Map([['soc', [row(100, 50), row(130, 40, 20)]]])),
    changed,
  );
  const read = (): unknown[] =>
    past.buckets(status(), ['soc'], ['soc'], { from: 100, to: 150, points: 5 }).map((bucket) => bucket?.last);
  expect(read()).toEqual(Array.from({ length: 5 }));
  await expect.poll(() => changed.mock.calls).toHaveLength(1);
  expect(read()).toEqual([50, undefined, undefined, 40, 40]);
});

test('of several columns the largest values are shown', async () => {
  const columns = new Map([
    ['one', [row(0, 20)]],
    ['other', [row(0, 25)]],
  ]);
  const changed = vi.fn<() => void>();
  const past = new Past(async () => await Promise.resolve(columns), changed);
  past.buckets(status(), ['one', 'other'], ['one', 'other'], { from: 0, to: 10, points: 1 });
  await expect.poll(() => changed.mock.calls).not.toHaveLength(0);
  expect(past.buckets(status(), ['one', 'other'], ['one', 'other'], { from: 0, to: 10, points: 1 })).toEqual([
    { low: 24, high: 26, mean: 25, last: 25 },
  ]);
});

test('one stretch is read at a time, and what was read before is shown until then', async () => {
  const asked: PastStretch[] = [];
  const answers: ((rows: Map<string, PastRow[]>) => void)[] = [];
  const past = new Past(
    async (_, __, stretch) => {
      asked.push(stretch);
      return await new Promise((resolve) => answers.push(resolve));
    },
    () => {},
  );
  past.buckets(status(), ['soc'], ['soc'], { from: 0, to: 20, points: 2 });
  past.buckets(status(), ['soc'], ['soc'], { from: 10, to: 30, points: 2 });
  expect(asked).toHaveLength(1);
  answers[0]?.(new Map([['soc', [row(10, 7)]]]));
  await expect
    .poll(() =>
      past.buckets(status(), ['soc'], ['soc'], { from: 10, to: 30, points: 2 }).map((bucket) => bucket?.last),
    )
    .toEqual([7, undefined]);
  expect(asked).toEqual([
    { from: 0, to: 20, points: 2 },
    { from: 10, to: 30, points: 2 },
  ]);
});

test('a history that cannot be read is an empty one', async () => {
  const changed = vi.fn<() => void>();
  const past = new Past(async () => await Promise.reject(new Error('damaged')), changed);
  past.buckets(status(), ['soc'], ['soc'], { from: 0, to: 10, points: 1 });
  await expect.poll(() => changed.mock.calls).not.toHaveLength(0);
  expect(past.buckets(status(), ['soc'], ['soc'], { from: 0, to: 10, points: 1 })).toEqual([undefined]);
});

test('what was remembered comes before what the history has', () => {
  const bucket = { low: 1, high: 1, mean: 1, last: 1 };
  const earlier = { low: 2, high: 2, mean: 2, last: 2 };
  expect(joined([undefined, bucket], [earlier, earlier])).toEqual([earlier, bucket]);
});
