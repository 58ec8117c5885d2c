import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { homeFolder } from './home-folder.ts';

test('the home of a user is what the system says', () => {
  expect(homeFolder()).toBe(homedir());
});

test('a user whom the system does not know has a home that does not exist', () => {
  const unknown = (): never => {
    throw new Error('uv_os_homedir returned ENOENT (no such file or directory)');
  };
  expect(homeFolder(unknown)).toBe('/nonexistent');
});
