import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { script, ubmsc } from './command.ts';

const without = (shell: string): boolean => spawnSync(shell, ['--version']).error !== undefined;

test.skipIf(!existsSync('/dev/full')).each(['--help', 'help', 'help tui', '--version -l debug'])(
  'a full disk is said in one line, with exit code 2, by ubmsc %s',
  (line) => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [script, ...line.split(' ')], {
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^ubmsc: the output cannot be written: ENOSPC.*; make room.*\n$/),
    });
  },
);

test.skipIf(without('man'))('the manual page has no mistakes for man', async () => {
  const { stdout } = await ubmsc('generate', 'man');
  const shown = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-'], {
    encoding: 'utf8',
    input: stdout,
    env: { ...process.env, MANWIDTH: '80', MANPAGER: 'cat' },
  });
  expect(shown.stderr).toBe('');
  expect(shown.stdout).toContain('ubmsc service install');
});
