import { readFileSync, renameSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileProblem, fileReason } from './file-problem.ts';

/** What is thrown by something that fails. */
function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

describe('why a file cannot be used', () => {
  test.each<readonly [string, () => unknown, string]>([
    ['a file', () => readFileSync('/no, file'), 'ENOENT: no such file or directory'],
    ['two files', () => renameSync('/no/a', '/no/b'), 'ENOENT: no such file or directory'],
    ['a folder that is read', () => readFileSync('/'), 'EISDIR: illegal operation on a directory'],
  ])('is what Node says of %s without the call and the path', (_, work, said) => {
    expect(fileReason(thrownBy(work))).toBe(said);
  });

  test('is what others say of it, as it is', () => {
    expect(fileReason(new Error('x is not a regular file'))).toBe('x is not a regular file');
    expect(fileReason('gone')).toBe('gone');
  });
});

test.each([
  ['EACCES', 'ask its owner'],
  ['EPERM', 'ask its owner'],
  ['ENOSPC', 'make room, or make it possible to write there'],
  ['EROFS', 'make room, or make it possible to write there'],
  ['EIO', 'put back a backup'],
])('after %s the next step is to %s', (code, hint) => {
  const cause = Object.assign(new Error(`${code}: in words, open '/a/b'`), { code });
  const hints = { denied: 'ask its owner', unusable: 'put back a backup' };
  expect(fileProblem('/a/b', 'written', cause, hints)).toEqual([
    `/a/b cannot be written: ${code}: in words`,
    hint,
  ]);
});
