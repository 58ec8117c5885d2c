import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { isRunning, script, simulator, temporaryFolder } from './command.ts';

/** How long the terminal reads nothing, in milliseconds. */
const SILENCE = 60_000;

/** Presses keys that draw the whole screen, again and again, for this number of milliseconds. */
async function keepDrawing({ stdin }: { readonly stdin: Writable }, milliseconds: number): Promise<void> {
  for (let time = 0; time < milliseconds; time += 50) {
    stdin.write('\u{c}');
    await sleep(50);
  }
}

const hasScript = spawnSync('script', ['--version']).status === 0;

test.skipIf(!hasScript)(
  'a terminal that stops reading costs no link, SIGTERM works meanwhile',
  async ({ expect }) => {
    await using simulated = await simulator();
    await using folder = await temporaryFolder();
    const file = folder.file('pid');
    const child = spawn(
      'script',
      [
        '-qfec',
        `echo $$ > ${file}; exec ${process.execPath} ${script} tui --adapter ${simulated.adapter}`,
        '/dev/null',
      ],
      {
        env: { ...process.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const ended = once(child, 'close');
    let shown = '';
    const read = (piece: Buffer): void => void (shown += piece.toString());
    child.stdout.on('data', read);
    await expect.poll(() => shown).toMatch(/ live /);
    const pid = readFileSync(file, 'utf8').trim();
    // Nothing is read any more: the pipe of script(1), its terminal and the program's writes fill up one by one.
    child.stdout.pause();
    await keepDrawing(child, SILENCE);
    shown = '';
    child.stdout.resume();
    child.stdin.write('\u{c}');
    await expect.poll(() => shown).toMatch(/All is well/);
    child.stdin.write('l');
    await expect.poll(() => shown).toMatch(/Events/);
    await sleep(500);
    expect(shown).not.toMatch(/lost|silent/);
    child.stdout.pause();
    await keepDrawing(child, 5000);
    process.kill(Number(pid), 'SIGTERM');
    await expect.poll(() => isRunning(pid)).toBe(false);
    child.stdout.resume();
    await ended;
  },
);
