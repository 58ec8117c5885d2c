import { eventually } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { fixture, simulator, ubmsc as run } from './command.ts';
import { hasTmux } from './pseudo-terminal.ts';
import { command, expectEndedBy, shell } from './shell.ts';

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

  test('SIGTERM ends it, and the terminal is as it was', async () => {
    await expectEndedBy('TERM');
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

  test('an adapter that cannot be used is told on the shell, with its exit code', async () => {
    await using it = await shell();
    await it.terminal.enter(`${command} tui --adapter unix:/nowhere/ether.sock; echo ended with $?`);
    await it.terminal.screenWith(/^ubmsc: [^]*^ended with 3$/m);
    await it.expectUnchanged();
  });

  test('ubmsc tui --recording goes through time without Bluetooth, and back to the same screen', async () => {
    await using it = await shell({ columns: 120, rows: 34 });
    const { terminal } = it;
    await terminal.enter(`gzip -c ${fixture('weak-cell')} > van.jsonl.gz`);
    await terminal.enter(
      `clear; ${command} tui --recording van.jsonl.gz --recording ${fixture('jk04-3.3')} --adapter none; echo ended with $?`,
    );
    await terminal.screenWith(/RECORDING +SIMULATED[^]*WEAK_CELL[^]*playing 1×.* of 0:01:10/);
    await terminal.press('Space', 'Home');
    await terminal.screenWith(/paused 1×.* 0:00:00 of/);
    await terminal.press('Right', ']', 'Home', 'Right', 'Right', 'Enter');
    const before = await terminal.screenWith(/› WEAK_CELL [^]*Cells 1–16[^]*paused 1×.* 0:00:20 of/);
    await terminal.press('a');
    await terminal.screenWith(/! ALARM +cell 7 under-voltage[^]* 0:00:2[1-9] of/);
    await terminal.press('w', 's', 'End', '>', '>', '>', '>');
    await terminal.screenWith(/closed[^]*paused 16×.* 0:01:10 of/);
    await terminal.press('Home', 'Right', 'Right', '<', '<', '<', '<');
    const withoutNotice = (screen: string): string => screen.trimEnd().split('\n').slice(0, -1).join('\n');
    await eventually(async () => expect(withoutNotice(await terminal.screen())).toBe(withoutNotice(before)));
    await terminal.press('>', '>', '>', '>', '>', '>', 'Space');
    await terminal.screenWith(/paused 64×.* 0:01:10 of/);
    await terminal.press('q');
    await terminal.screenWith(/^ended with 0$/m);
    await it.expectUnchanged();
  });
});
