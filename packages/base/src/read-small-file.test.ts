import { expect, test } from 'vitest';
import { readSmallFile } from './read-small-file.ts';

test('a file without an end is refused, and is not read on', async () => {
  await expect(readSmallFile('/dev/zero')).rejects.toThrow('/dev/zero is longer than 1 MB');
});

test('a file that cannot be read is told with what is wrong', async () => {
  await expect(readSmallFile('/nowhere')).rejects.toThrow(
    'cannot read /nowhere: ENOENT: no such file or directory',
  );
});
