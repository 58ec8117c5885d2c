import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** What became of a fact. */
export interface Outcome {
  /** Exit code of its script; 77 says that it was skipped. */
  readonly code: number;
  /** What its script printed. */
  readonly text: string;
  /** Seconds since the machine was switched on. */
  readonly at: number;
}

/** What is missing on this machine to make and boot a guest; undefined when nothing is. */
export function whatIsMissing(): string | undefined {
  const programs = ['qemu-system-x86_64', 'cpio', 'apt-get', 'dpkg-deb'].filter((name) => !isInstalled(name));
  if (programs.length > 0) return `${programs.join(', ')} not installed`;
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  if (!existsSync(keyring)) return 'debian-archive-keyring not installed';
  if (process.arch !== 'x64') return 'the guest would need an x64 node';
  return undefined;
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The image of a Debian suite, made when it is not in the cache yet; that takes half a minute. */
export async function makeImage(suite: string): Promise<string> {
  const key = createHash('sha256')
    .update(readFileSync(here('make.sh')))
    .update(process.version);
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'ubmsc', 'kernel-tests', `${suite}-${key.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  try {
    const making = spawn(here('make.sh'), [half], {
      env: { ...process.env, SUITE: suite, NODE: process.execPath },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [code]: unknown[] = await once(making, 'close');
    if (code !== 0) throw new Error(`make.sh ended with ${String(code)}`);
    renameSync(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return folder;
}

/** A machine that boots and tries facts, one after the other. */
export interface Guest extends AsyncDisposable {
  /** Resolves when the fact was tried; rejects when the machine ended before. */
  outcome(fact: string): Promise<Outcome>;
}

/** Boots a machine that tries these facts; each may take `limit` seconds. */
export function bootGuest(image: string, facts: readonly string[], limit: number): Guest {
  const machine = spawn(here('run.sh'), [image], {
    env: {
      ICOUNT: 'shift=2,sleep=off',
      TIMEOUT: String(900 + limit * facts.length),
      ...process.env,
      LIMIT: String(limit),
      FACTS: facts.join('\n'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const waiting = new Map(facts.map((fact) => [fact, deferred<Outcome>()]));
  let text = '';
  let all = '';
  createInterface({ input: machine.stdout })
    .on('line', (line) => {
      all += `${line}\n`;
      const [, word, fact = '', code, at] = /^(begin|end) (\S+)(?: (\d+) ([\d.]+))?\s*$/.exec(line) ?? [];
      if (word === 'begin') text = '';
      else if (word === 'end' && code !== undefined) {
        waiting.get(fact)?.resolve({ code: Number(code), text, at: Number(at) });
      } else text += `${line}\n`;
    })
    .on('close', () => {
      for (const { reject } of waiting.values()) reject(new Error(`the machine ended: ${all.slice(-2000)}`));
    });
  for (const { promise } of waiting.values()) promise.catch(() => {});
  return {
    outcome: async (fact) => {
      const wanted = waiting.get(fact);
      if (!wanted) throw new Error(`the machine does not try ${fact}`);
      return await wanted.promise;
    },
    [Symbol.asyncDispose]: async () => {
      if (machine.exitCode !== null) return;
      const closed = once(machine, 'close');
      if (machine.pid !== undefined) process.kill(-machine.pid);
      await closed;
    },
  };
}

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<Value>((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}
