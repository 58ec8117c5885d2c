import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { script, temporaryFolder } from './command.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';

/** How a shell starts the built command. */
export const command = `${process.execPath} ${script}`;

/** The terminal as a shell has it. */
export const shellState = { cursor: true, alternate: false, mouse: false };

/** A shell that has written down its terminal's settings, and how to compare them. */
export async function shell(
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

/** Ends the terminal UI with a signal, after which the terminal is as it was. */
export async function expectEndedBy(signal: string): Promise<void> {
  await using it = await shell();
  await it.terminal.enter(`sh -c 'echo $$ > pid; exec ${command} tui --adapter sim'; echo ended with $?`);
  await it.terminal.screenWith(/UPS_BMS +live/);
  process.kill(Number(readFileSync(`${it.folder}/pid`, 'utf8')), `SIG${signal}`);
  await it.terminal.screenWith(/^ended with 1\d\d$/m);
  await it.expectUnchanged();
}
