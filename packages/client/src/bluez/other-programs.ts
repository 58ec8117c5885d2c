import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { log, sanitize } from '@ubmsc/base';
import { errorTextOf } from './bluez-errors.ts';
import { textOf, textsOf } from './properties.ts';
import type { SystemBus } from './system-bus.ts';

/** Most names that are asked about: a bus has some dozens. */
const MOST_NAMES = 500;

/** Programs whose name tells less than that of the script they run. */
const INTERPRETER = /^(python|node|perl|ruby|bash|sh)[\d.]*$/;

/**
 * Programs that may use bluetoothd, such as `python3.13 read.py (process 812)`: those on the bus that offer nothing on
 * it, as clients do. bluetoothd tells nobody which of them it notifies. Empty where it cannot be known.
 */
export async function otherPrograms(bus: SystemBus, signal?: AbortSignal): Promise<readonly string[]> {
  try {
    const [listed] = await bus.daemon('ListNames', undefined, signal);
    const names = textsOf(listed).slice(0, MOST_NAMES);
    const offered = names.filter((name) => !name.startsWith(':'));
    const owners = new Set(
      await Promise.all(offered.map(async (name) => await ask(bus, 'GetNameOwner', name))),
    );
    const clients = names.filter((name) => name.startsWith(':') && !owners.has(name));
    const asked = clients.map(async (name) => await ask(bus, 'GetConnectionUnixProcessID', name));
    const pids = new Set((await Promise.all(asked)).filter((pid) => typeof pid === 'number'));
    pids.delete(process.pid);
    return await Promise.all([...pids].map(titleOf));
  } catch (error) {
    signal?.throwIfAborted();
    log('debug', 'bluez', () => `who else is on the bus: ${errorTextOf(error)}`);
    return [];
  }
}

/** What the bus says of a name; undefined when its owner has left. */
async function ask(bus: SystemBus, member: string, name: string): Promise<unknown> {
  try {
    const [answer] = await bus.daemon(member, name);
    return textOf(answer) ?? answer;
  } catch {
    return undefined;
  }
}

/** Without arguments: they may hold secrets. */
async function titleOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = '', script = ''] = line.split('\0').map((part) => basename(part));
  const name =
    INTERPRETER.test(program) && script !== '' && !script.startsWith('-') ? `${program} ${script}` : program;
  return `${sanitize(name === '' ? 'a program' : name)} (process ${pid})`;
}
