import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latest, movedOn, shifted, viewAfterKey, viewOf, zoomed } from './view.ts';

const now = Date.UTC(2026, 10, 29, 12);
const HOUR = 3_600_000;
const day = latest(24 * HOUR, now);

test('zooming leaves the time under the finger where it is', () => {
  const view = zoomed(day, now - 6 * HOUR, 0.5, now);
  expect(view).toEqual({ from: now - 15 * HOUR, to: now - 3 * HOUR, follows: false });
});

test('a view that ends now moves on, others stay', () => {
  expect(movedOn(day, now + HOUR)).toEqual(latest(24 * HOUR, now + HOUR));
  const past = shifted(day, -0.25, now);
  expect(past).toMatchObject({ to: now - 6 * HOUR, follows: false });
  expect(movedOn(past, now + HOUR)).toBe(past);
  expect(shifted(past, 0.25, now)).toEqual(day);
});

test('keys zoom, move, and lead back to now', () => {
  const closer = viewAfterKey(day, '+', now);
  expect(closer).toEqual({ from: now - 18 * HOUR, to: now - 6 * HOUR, follows: false });
  expect(closer && viewAfterKey(closer, '-', now)).toEqual(day);
  expect(viewAfterKey(day, 'ArrowLeft', now)?.to).toBe(now - 6 * HOUR);
  expect(closer && viewAfterKey(closer, 'End', now)).toEqual(latest(12 * HOUR, now));
  expect(viewAfterKey(day, 'a', now)).toBeUndefined();
});

test('no view is empty, longer than twenty years, or of the future', () => {
  const time = fc.double({ min: 0, max: 2 * now, noNaN: true });
  fc.assert(
    fc.property(time, time, (from, to) => {
      const view = viewOf(from, to, now);
      expect(view.to).toBeLessThanOrEqual(now);
      expect(view.to - view.from).toBeGreaterThanOrEqual(120_000 - 1);
      expect(view.to - view.from).toBeLessThanOrEqual(20 * 366 * 24 * HOUR + 1);
    }),
  );
});
