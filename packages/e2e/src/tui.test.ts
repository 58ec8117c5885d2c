import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { isRunning, script, simulator, temporaryFolder, ubmsc as run } from './command.ts';
import { hasTmux, PseudoTerminal } from './pseudo-terminal.ts';

const command = `${process.execPath} ${script}`;

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/${name}.jsonl`, import.meta.url));

/** The terminal as a shell has it. */
const shellState = { cursor: true, alternate: false, mouse: false };

/** A shell that has written down its terminal's settings, and how to compare them. */
async function shell(
  options: Parameters<typeof PseudoTerminal.open>[0] = {},
): Promise<
  AsyncDisposable & { terminal: PseudoTerminal; folder: string; expectUnchanged: () => Promise<void> }
> {
  const folder = await temporaryFolder();
  const terminal = await PseudoTerminal.open({ ...options, folder: folder.file('.') });
  await terminal.enter('stty -a > before; clear');
  await terminal.screenWith(/^\$\s*$/);
  return {
    terminal,
    folder: folder.file('.'),
    expectUnchanged: async () => {
      await terminal.screenWith(/^\$ ?$/m);
      expect(await terminal.state()).toEqual(shellState);
      await terminal.enter('stty -a > after; cmp before after && echo as before');
      await terminal.screenWith(/^as before$/m);
    },
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('without a terminal, the terminal UI says what to do instead', async () => {
  expect(await run('tui')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('ubmsc watch --plain'),
  });
});

const title = hasTmux ? 'on a terminal' : 'on a terminal (there is none, because there is no tmux)';

describe.skipIf(!hasTmux)(title, { concurrent: true }, () => {
  test('ubmsc tui shows batteries, leads down and back, and leaves the terminal as it was', async () => {
    await using simulated = await simulator('--batteries', '2');
    await using it = await shell();
    const { terminal } = it;
    await terminal.enter(`${command} tui --adapter ${simulated.adapter}; echo ended with $?`);
    await terminal.screenWith(/UPS_BMS_2 +live/);
    expect(await terminal.state()).toEqual({ cursor: false, alternate: true, mouse: false });
    expect(await terminal.screen()).toContain('SIMULATED');
    await terminal.press('Down');
    await terminal.screenWith(/▸ .*UPS_BMS_2/);
    await terminal.press('Enter');
    await terminal.screenWith(/ubmsc › UPS_BMS_2 [^]*Cells 1–4[^]*▼ lowest/);
    await terminal.press('j');
    await terminal.screenWith(/▸ +1 /);
    await terminal.press('Enter');
    await terminal.screenWith(/› cell 1[^]*To the mean .*\d of 4/);
    await terminal.press('d');
    await terminal.screenWith(/cell_voltages\[0\].*u16 \/ 1000/);
    await terminal.press('?');
    await terminal.screenWith(/Keys in the raw fields[^]*raw fields of the record/);
    for (const view of ['raw fields', 'cell 1', 'UPS_BMS_2', 'batteries']) {
      await terminal.press('Escape');
      await terminal.screenWith(new RegExp(`^ ubmsc .*› ${view} +SIMULATED`));
    }
    await terminal.screenWith(/Together: 2 of 2 live/);
    await terminal.press('m');
    await eventually(async () => expect(await terminal.state()).toMatchObject({ mouse: true }));
    await terminal.press('q');
    await terminal.screenWith(/^ended with 0$/m);
    await it.expectUnchanged();
  });

  test.each([
    ['q', 0],
    ['C-c', 0],
  ])('%s ends it', async (key, code) => {
    await using it = await shell();
    await it.terminal.enter(`${command} tui --adapter sim; echo ended with $?`);
    await it.terminal.screenWith(/UPS_BMS +live/);
    await it.terminal.press(key);
    await it.terminal.screenWith(new RegExp(`^ended with ${code}$`, 'm'));
    await it.expectUnchanged();
  });

  test.each(['TERM', 'HUP', 'INT'])('SIG%s ends it, and the terminal is as it was', async (signal) => {
    await using it = await shell();
    await it.terminal.enter(`sh -c 'echo $$ > pid; exec ${command} tui --adapter sim'; echo ended with $?`);
    await it.terminal.screenWith(/UPS_BMS +live/);
    process.kill(Number(readFileSync(`${it.folder}/pid`, 'utf8')), `SIG${signal}`);
    await it.terminal.screenWith(/^ended with 1\d\d$/m);
    await it.expectUnchanged();
  });

  test('a terminal that goes away ends it, and nothing is said about that', async () => {
    await using it = await shell();
    await it.terminal.enter(`sh -c 'echo $$ > pid; exec ${command} tui --adapter sim 2> errors'`);
    await it.terminal.screenWith(/UPS_BMS +live/);
    const pid = readFileSync(`${it.folder}/pid`, 'utf8').trim();
    await it.terminal[Symbol.asyncDispose]();
    await eventually(() => expect(isRunning(pid)).toBe(false));
    expect(readFileSync(`${it.folder}/errors`, 'utf8')).toBe('');
  });

  test('a terminal that goes away without a SIGHUP ends it', async () => {
    await using it = await shell();
    // Only the leader of a session gets the signal: a shell that ignores it, and goes on.
    await it.terminal.enter(
      `trap '' HUP; sh -c 'echo $$ > pid; exec ${command} tui --adapter sim:3 2> errors'; sleep 30`,
    );
    await it.terminal.screenWith(/UPS_BMS_3 +live/);
    const pid = readFileSync(`${it.folder}/pid`, 'utf8').trim();
    await it.terminal[Symbol.asyncDispose]();
    await eventually(() => expect(isRunning(pid)).toBe(false));
    expect(readFileSync(`${it.folder}/errors`, 'utf8')).toBe('');
  });

  test('a crash leaves the terminal as it was, and what went wrong on it', async () => {
    const crash = encodeURIComponent(
      'import{existsSync}from"node:fs";setInterval(()=>{if(existsSync("now"))throw Error("something broke")},20)',
    );
    await using it = await shell();
    await it.terminal.enter(
      `${process.execPath} --import 'data:text/javascript,${crash}' ${script} tui --adapter sim; echo ended with $?`,
    );
    await it.terminal.screenWith(/UPS_BMS +live/);
    writeFileSync(`${it.folder}/now`, '');
    await it.terminal.screenWith(/Error: something broke[^]*^ended with 1$/m);
    await it.expectUnchanged();
  });

  test('Ctrl-Z gives the terminal back to the shell, and fg takes it again', async () => {
    await using it = await shell();
    const { terminal } = it;
    await terminal.enter(`set -m; ${command} tui --adapter sim; echo ended with $?`);
    await terminal.screenWith(/UPS_BMS +live/);
    for (let times = 0; times < 2; times++) {
      await terminal.press('C-z');
      await terminal.screenWith(/Stopped/);
      await it.expectUnchanged();
      await terminal.enter('clear; fg');
      await terminal.screenWith(/ubmsc › batteries[^]*UPS_BMS +live[^]*q quit/);
      expect(await terminal.state()).toMatchObject({ cursor: false, alternate: true });
    }
    await terminal.press('q');
    await it.expectUnchanged();
  });

  test('every size is used, and one that is too small is told', async () => {
    await using it = await shell();
    const { terminal } = it;
    await terminal.enter(`${command} tui --adapter sim`);
    await terminal.screenWith(/UPS_BMS +live/);
    await terminal.press('Enter');
    await terminal.screenWith(/Cells 1–4/);
    for (const [columns, rows] of [
      [60, 15],
      [150, 45],
      [80, 24],
      [200, 20],
    ] as const) {
      await terminal.resize(columns, rows);
      await eventually(async () => expect((await terminal.screen()).trimEnd().split('\n').length).toBe(rows));
      expect((await terminal.screenWith(/Cells 1–4[^]*q quit/)).split('\n')[rows - 1]).toMatch(/^ q quit/);
    }
    await terminal.resize(59, 15);
    await terminal.screenWith(/^ubmsc needs 60×15, this terminal has 59×15$/m);
    await terminal.resize(100, 30);
    await terminal.screenWith(/Cells 1–4[^]*q quit/);
  });

  test('the log stands among the events, never over the screen', async () => {
    await using it = await shell();
    const { terminal } = it;
    await terminal.enter(`${command} tui --adapter sim:2 --log trace 2> errors`);
    await terminal.screenWith(/UPS_BMS_2 +live/);
    const screen = await terminal.screen();
    expect(screen.split('\n')[0]).toContain('ubmsc › batteries');
    expect(screen.trimEnd().split('\n').length).toBe(30);
    expect(screen).not.toMatch(/^(DEBUG|TRACE|INFO)/m);
    await terminal.press('l');
    await terminal.screenWith(/ubmsc +ubmsc::\w+: /);
    await terminal.press('q');
    await it.expectUnchanged();
    expect(readFileSync(`${it.folder}/errors`, 'utf8')).toBe('');
  });

  test('y copies JSON to the clipboard of the terminal, e writes CSV', async () => {
    await using it = await shell();
    const { terminal } = it;
    await terminal.enter(`${command} tui --adapter sim`);
    await terminal.screenWith(/UPS_BMS +live/);
    await terminal.press('Enter');
    await terminal.screenWith(/Cells 1–4/);
    await terminal.press('y');
    await terminal.screenWith(/were sent to the terminal's clipboard/);
    const {
      cell_data: [copied],
    }: { cell_data: Record<string, unknown>[] } = JSON.parse(await terminal.clipboard());
    expect(copied).toMatchObject({ device: 'UPS_BMS', simulated: true });
    expect(copied?.['cell_voltage']).toHaveLength(4);
    await terminal.press('e');
    await terminal.screenWith(/written: .*ubmsc-UPS_BMS-.*\.csv/);
    const file = readdirSync(it.folder).find((name) => name.endsWith('.csv')) ?? '';
    expect(readFileSync(`${it.folder}/${file}`, 'utf8')).toMatch(/^time,cell_voltage_0,[^\n]*\r\n\d{4}-/);
  });

  test('an adapter that cannot be used is told on the shell, with its exit code', async () => {
    await using it = await shell();
    await it.terminal.enter(`${command} tui --adapter unix:/nowhere/ether.sock; echo ended with $?`);
    await it.terminal.screenWith(/^ubmsc: [^]*^ended with 3$/m);
    await it.expectUnchanged();
  });

  test('ubmsc demo has three simulated batteries, of which one loses its link again and again', async () => {
    await using it = await shell({ columns: 120 });
    await it.terminal.enter(`${command} demo`);
    await it.terminal.screenWith(/Together: 3 of 3 live/);
    expect(await it.terminal.screen()).toContain('SIMULATED');
    await it.terminal.screenWith(/FLAPPING_LINK +(lost|searching|heard|connecting)/);
    await it.terminal.press('q');
    await it.expectUnchanged();
  });

  test('ubmsc tui --recording goes through time without Bluetooth, and back to the same screen', async () => {
    await using it = await shell({ columns: 120, rows: 34 });
    const { terminal } = it;
    await terminal.enter(`gzip -c ${fixture('weak-cell')} > van.jsonl.gz`);
    await terminal.enter(
      `clear; ${command} tui --recording van.jsonl.gz --recording ${fixture('jk04-3.3')} --adapter none; echo ended with $?`,
    );
    await terminal.screenWith(/RECORDING +SIMULATED[^]*WEAK_CELL[^]*playing 1×.* of 0:01:09/);
    await terminal.press('Space', 'Home');
    await terminal.screenWith(/paused 1×.* 0:00:00 of/);
    await terminal.press('Right', ']', 'Home', 'Right', 'Right', 'Enter');
    const before = await terminal.screenWith(/› WEAK_CELL [^]*Cells 1–16[^]*paused 1×.* 0:00:20 of/);
    await terminal.press('a');
    await terminal.screenWith(/! ALARM +cell 7 under-voltage[^]* 0:00:2[1-9] of/);
    await terminal.press('w', 's', 'End', '>', '>', '>', '>');
    await terminal.screenWith(/closed[^]*paused 16×.* 0:01:09 of/);
    await terminal.press('Home', 'Right', 'Right', '<', '<', '<', '<');
    const withoutNotice = (screen: string): string => screen.trimEnd().split('\n').slice(0, -1).join('\n');
    await eventually(async () => expect(withoutNotice(await terminal.screen())).toBe(withoutNotice(before)));
    await terminal.press('>', '>', '>', '>', '>', '>', 'Space');
    await terminal.screenWith(/paused 64×.* 0:01:09 of/);
    await terminal.press('q');
    await terminal.screenWith(/^ended with 0$/m);
    await it.expectUnchanged();
  });

  test('what is not a recording is told on the shell, with file and line', async () => {
    await using it = await shell();
    writeFileSync(`${it.folder}/van.jsonl`, `${readFileSync(fixture('jk04-3.3'), 'utf8')}{"ms":1e9}\n`);
    await it.terminal.enter(`${command} tui --recording van.jsonl; echo ended with $?`);
    await it.terminal.screenWith(/^ubmsc: van\.jsonl: line \d+ of the recording is wrong[^]*^ended with 2$/m);
    await it.expectUnchanged();
  });

  test('ubmsc watch is the terminal UI, and with --plain lines', async () => {
    await using it = await shell();
    await it.terminal.enter(`${command} watch --adapter sim`);
    await it.terminal.screenWith(/ubmsc › batteries[^]*UPS_BMS +live/);
    await it.terminal.press('q');
    await it.expectUnchanged();
    await it.terminal.enter(`clear; ${command} watch --plain --count 1 --adapter sim`);
    await it.terminal.screenWith(/UPS_BMS .*V .*A .*apart/);
    expect(await it.terminal.state()).toEqual(shellState);
  });

  test('what is printed has colours on a terminal, and with --no-color none', async () => {
    await using it = await shell();
    const coloursOf = async (option: string): Promise<boolean> => {
      await it.terminal.enter(`clear; ${command} -i --adapter sim ${option}; echo done`);
      await it.terminal.screenWith(/Serial number[^]*^done/m);
      return (await it.terminal.screen({ colors: true })).includes('\u{1b}[1mUPS_BMS');
    };
    expect(await coloursOf('')).toBe(true);
    expect(await coloursOf('--no-color')).toBe(false);
    await it.terminal.enter(`clear; ${command} tui --no-color --adapter sim`);
    await it.terminal.screenWith(/UPS_BMS +live/);
    expect(coloured(await it.terminal.screen({ colors: true }))).toEqual([]);
  });

  test('NO_COLOR and a locale without Unicode are obeyed', async () => {
    await using it = await shell({ env: { NO_COLOR: '1', LC_ALL: 'C', LANG: 'C' } });
    await it.terminal.enter(`${command} tui --adapter sim`);
    await it.terminal.screenWith(/UPS_BMS +live/);
    await it.terminal.press('Enter');
    const screen = await it.terminal.screenWith(/Cells 1-4/);
    expect(screen).toMatch(/^[\n\u0020-\u007e]*$/);
    expect(coloured(await it.terminal.screen({ colors: true }))).toEqual([]);
  });
});

/** What stands in a colour on a screen. */
function coloured(screen: string): readonly string[] {
  return screen.split('\u{1b}[').filter((part) => /^(3[0-7]|9[0-7]|38)[;m]/.test(part));
}
