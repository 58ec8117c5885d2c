import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { fixture, isRunning, script } from './command.ts';
import { hasTmux } from './pseudo-terminal.ts';
import { command, expectEndedBy, shell, shellState } from './shell.ts';

const title = hasTmux ? 'on a terminal' : 'on a terminal (there is none, because there is no tmux)';

describe.skipIf(!hasTmux)(title, { concurrent: true }, () => {
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

  test.each(['HUP', 'INT'])('SIG%s ends it, and the terminal is as it was', async (signal) => {
    await expectEndedBy(signal);
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

  test('ubmsc demo has three simulated batteries, of which one loses its link again and again', async () => {
    await using it = await shell({ columns: 120 });
    await it.terminal.enter(`${command} demo`);
    await it.terminal.screenWith(/Together: 3 of 3 live/);
    expect(await it.terminal.screen()).toContain('SIMULATED');
    await it.terminal.screenWith(/FLAPPING_LINK +(lost|searching|heard|connecting)/);
    await it.terminal.press('q');
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
