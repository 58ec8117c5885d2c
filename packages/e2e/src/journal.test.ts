import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { script, temporaryFolder } from './command.ts';

/** What the command writes to standard error when that is a stream to journald, as the service manager says it is. */
async function journalOf(...args: readonly string[]): Promise<string> {
  await using folder = await temporaryFolder();
  const file = folder.file('journal');
  const shell = `: >"$FILE"; JOURNAL_STREAM=$(stat -c %d:%i "$FILE") "$@" 2>>"$FILE" >/dev/null || true`;
  const env = { ...process.env, FILE: file, XDG_CONFIG_HOME: '/nowhere' };
  await promisify(execFile)('sh', ['-c', shell, 'sh', process.execPath, script, ...args], { env });
  return await readFile(file, 'utf8');
}

test('each line for journald begins with its priority', async () => {
  const lines = (await journalOf('--adapter', 'sim', '-l', 'debug', '-c')).trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((line) => !/^<7>ubmsc::|^<6>ubmsc::/.test(line))).toEqual([]);
});

test('an error for journald has the priority of errors', async () => {
  expect(await journalOf('--adapter', 'sim:0', '-c')).toMatch(/^<3>adapter "sim:0" has 0 batteries; .*\n$/);
});
