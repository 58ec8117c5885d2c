import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@ubmsc/base';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertOwnFolder, assertReadable, keptByService } from './state-folder.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-kept-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const refuse = (): never => {
  throw new Error('EACCES: permission denied');
};

test('a folder that this user may not read is not taken for an empty one', () => {
  expect(() => assertReadable(folder, 'history', refuse)).toThrow(
    expect.objectContaining({ constructor: UsageError, message: `this user may not read ${folder}` }),
  );
  expect(() => assertReadable(folder, 'history')).not.toThrow();
});

test('a folder that is not there is none that may not be read', () => {
  expect(() => assertReadable(join(folder, 'none'), 'history', refuse)).not.toThrow();
});

test('where a service keeps something, it is said how to see it', () => {
  expect(keptByService('energy', folder)).toMatch(`sudo -u ubmsc ubmsc energy --state ${folder}`);
  expect(keptByService('energy', join(folder, 'none'))).toBeUndefined();
});

test('root does not write into the history of another user, also where it is not there yet', () => {
  for (const history of [folder, join(folder, 'history')]) {
    const check = (user: number, owner: number) => (): void =>
      assertOwnFolder(history, 'history import - < FILE', user, () => owner);
    expect(check(0, 100)).toThrow(
      expect.objectContaining({
        message: `${history} is that of another user, who could not use what root writes there`,
        hint: expect.stringContaining("sudo -u '#100' ubmsc history import - < FILE --state"),
      }),
    );
    expect(check(0, 0)).not.toThrow();
    expect(check(1000, 100)).not.toThrow();
  }
});
