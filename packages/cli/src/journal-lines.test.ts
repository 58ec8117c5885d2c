import { closeSync, fstatSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isJournal, withPriority } from './journal-lines.ts';

test('a line begins with its priority of syslog', () => {
  expect(withPriority('error', 'lost')).toBe('<3>lost');
  expect(withPriority('warn', 'late')).toBe('<4>late');
  expect(withPriority('info', 'live')).toBe('<6>live');
  expect(withPriority('trace', 'byte')).toBe('<7>byte');
});

test('standard error goes to journald when JOURNAL_STREAM names its device and inode', () => {
  const file = openSync('/dev/null', 'r');
  try {
    const { dev, ino } = fstatSync(file);
    expect(isJournal(`${dev}:${ino}`, file)).toBe(true);
    expect(isJournal(`${dev}:${ino + 1}`, file)).toBe(false);
    expect(isJournal(undefined, file)).toBe(false);
    expect(isJournal('nonsense', file)).toBe(false);
  } finally {
    closeSync(file);
  }
});

test('a closed standard error is not a journal', () => {
  expect(isJournal('1:2', 999)).toBe(false);
});
