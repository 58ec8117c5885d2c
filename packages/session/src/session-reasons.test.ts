import { expect, test } from 'vitest';
import { isSessionReason, reasonNames, reasonRow, sessionReasons } from './session-reasons.ts';

test('every reason has a title of its own', () => {
  const titles = reasonNames.map((name) => sessionReasons[name].title);
  expect(new Set(titles).size).toBe(titles.length);
});

test('what another kind of device answers is lasting, and what passes at once is not', () => {
  for (const name of reasonNames) {
    const row = reasonRow(name);
    expect([name, row?.isLasting === true]).toEqual([name, row?.kind === 'unknownDevice']);
    expect(row?.isLasting && row.isPassing).toBeFalsy();
  }
});

test('a bug is tried again after minutes only', () => {
  expect(reasonRow('internalError')).toMatchObject({ kind: 'bug', pause: 300_000 });
});

test('names of other objects are not reasons', () => {
  expect(['toString', '__proto__', ''].filter(isSessionReason)).toEqual([]);
});
