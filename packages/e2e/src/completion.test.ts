import { spawnSync } from 'node:child_process';
import { variants } from '@ubmsc/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder, ubmsc } from './command.ts';
import { writeFile } from 'node:fs/promises';

let scripts: Readonly<Record<string, string>>;

beforeAll(async () => {
  const shells = ['bash', 'zsh', 'fish'];
  const ended = await Promise.all(shells.map((shell) => ubmsc('completion', shell)));
  scripts = Object.fromEntries(shells.map((shell, index) => [shell, ended[index]?.stdout ?? '']));
});

/** What bash offers for a line that ends where the cursor is. */
function completed(...words: readonly string[]): readonly string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const code = `${scripts['bash']}
compopt() { :; }
COMP_WORDS=(ubmsc ${list}); COMP_CWORD=${words.length}; _ubmsc; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', code], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

describe('bash completes', () => {
  test.each([
    [['his'], ['history']],
    [['history', 'ver'], ['verify']],
    [
      ['history', '--ev'],
      ['--every', '--events'],
    ],
    [['scan', '--al'], ['--all']],
    [
      ['-f', 'toml'],
      ['toml', 'toml-pretty'],
    ],
    [['--variant', 'jk04'], ['jk04']],
    [['--variant', '=', 'jk04'], ['jk04']],
    [['--variant', '='], variants],
    [['help', 'serv'], ['service']],
    [['generate', 'ru'], ['rules']],
    [['read', '--adap'], ['--adapter']],
    [['service', 'unin'], ['uninstall']],
  ])('%j with %j', (words, expected) => {
    expect(completed(...words)).toEqual(expected);
  });
});

const without = (shell: string): boolean => spawnSync(shell, ['--version']).error !== undefined;

describe.each(['bash', 'zsh', 'fish'])('%s', (shell) => {
  test.skipIf(without(shell))(
    `reads its script${without(shell) ? ' (skipped: it is not installed)' : ''}`,
    async () => {
      await using folder = await temporaryFolder();
      await writeFile(folder.file('script'), scripts[shell] ?? '');
      const { status, stderr } = spawnSync(shell, ['-n', folder.file('script')], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );
});

test('help of a command shows its options, and where the others are; a mistyped one is answered with the nearest', async () => {
  const [asked, all, mistyped, option] = await Promise.all([
    ubmsc('help', 'scan'),
    ubmsc('help', '--all'),
    ubmsc('help', 'scna'),
    ubmsc('scna'),
  ]);
  expect(asked.stdout).toContain('--all');
  expect(asked.stdout).not.toContain('--push-url');
  expect(asked.stdout).toContain('ubmsc help --all');
  expect(asked).toEqual(await ubmsc('scan', '--help'));
  expect(all.stdout).toContain('--push-url');
  for (const { code, stderr } of [mistyped, option]) {
    expect([code, stderr]).toEqual([2, 'ubmsc: no command is called "scna"; did you mean scan?\n']);
  }
});
