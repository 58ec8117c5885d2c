import { expect, test } from 'vitest';
import { DoubledNotifications } from './doubled-notifications.ts';

function seen(values: readonly number[]): boolean {
  const doubled = new DoubledNotifications();
  return values.map((value) => doubled.observe(Buffer.of(value))).includes(true);
}

test.each([
  ['each value comes twice', [1, 1, 2, 2, 3, 3, 4, 4, 5], true],
  ['each value comes three times', [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5], true],
  ['each value comes once', [1, 2, 3, 4, 5, 6, 7, 8, 9], false],
  ['a record has equal parts', [1, 0, 0, 0, 2, 1, 0, 0, 0, 2, 1, 0, 0], false],
  ['nothing changes', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], false],
])('%s', (_, values, expected) => {
  expect(seen(values)).toBe(expected);
});
