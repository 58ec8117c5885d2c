import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { start, temporaryFolder, type Running } from '../src/command.ts';
import { note } from './table.ts';

/** Kills in all, and how many groups of processes at a time. */
const KILLS = 100;
const GROUPS = 10;

/** How long it may take until all batteries are live again, in milliseconds: the longest pause between two tries. */
const PATIENCE = 60_000;

/** The longest time from one kill to the next, in milliseconds: long enough for any state of a session. */
const LONGEST_LIFE = 2500;

const roles = ['the ether server', 'the simulator', 'the client'] as const;
type Role = (typeof roles)[number];

const names = ['UPS_BMS', '512060A00001-00'];

/** An ether server with a battery, a simulator of another one that has joined it, and a client that watches both. */
class Group implements AsyncDisposable {
  readonly #adapter: string;
  readonly #running = new Map<Role, Running>();

  private constructor(adapter: string) {
    this.#adapter = adapter;
  }

  static async start(socket: string): Promise<Group> {
    const group = new Group(`unix:${socket}`);
    for (const role of roles) await group.#start(role);
    return group;
  }

  /** Kills a process and starts it again. Resolves when readings of both batteries have come. */
  async kill(role: Role): Promise<void> {
    const victim = this.#running.get(role);
    if (!victim) throw new Error(`${role} does not run`);
    const killed = once(victim.process, 'exit');
    victim.process.kill('SIGKILL');
    await killed;
    await this.#start(role);
    await this.live();
  }

  /** Resolves when a new reading of each battery has come. */
  async live(): Promise<void> {
    const client = this.#running.get('the client');
    if (!client) throw new Error('nobody watches');
    const waiting = new Set(names);
    const output = client.process.stdout;
    if (!output) throw new Error('the client has no output');
    const signal = AbortSignal.timeout(PATIENCE);
    while (waiting.size > 0) {
      const [text]: unknown[] = await once(output, 'data', { signal });
      for (const name of names) {
        if (String(text).includes('"cell_voltage"') && String(text).includes(`"device":"${name}"`))
          waiting.delete(name);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { process } of this.#running.values()) process.kill('SIGTERM');
    await Promise.all([...this.#running.values()].map(async ({ ended }) => await ended));
  }

  async #start(role: Role): Promise<void> {
    const adapter = this.#adapter;
    const running = start(
      {
        'the ether server': ['simulate', '--listen', adapter],
        'the simulator': ['--adapter', adapter, 'simulate', '--model', 'JK_PB2A16S20P'],
        'the client': ['--adapter', adapter, 'watch', ...names, '--plain', '-f', 'json'],
      }[role],
    );
    this.#running.set(role, running);
    if (role !== 'the client') await running.printed('SIMULATED on');
  }
}

describe.concurrent('after a kill -9', () => {
  test.each(Array.from({ length: GROUPS }, (_, index) => index))(
    'of ether server, simulator or client at any moment, the next one starts and the others recover: group %d',
    { timeout: 300_000 },
    async () => {
      await using folder = await temporaryFolder();
      await using group = await Group.start(folder.file('ether.sock'));
      await group.live();
      const slowest = { 'the ether server': 0, 'the simulator': 0, 'the client': 0 };
      for (let kill = 0; kill < KILLS / GROUPS; kill++) {
        await setTimeout(randomInt(LONGEST_LIFE));
        const role = roles[randomInt(roles.length)] ?? 'the client';
        const began = performance.now();
        await group.kill(role);
        slowest[role] = Math.max(slowest[role], performance.now() - began);
      }
      const times = roles.map((role) => `${role} ${(slowest[role] / 1000).toFixed(1)} s`);
      await note(inject('rows'), {
        fault: `kill -9 of ${roles.join(', ')}`,
        outcome: `${KILLS / GROUPS} times: all recover`,
        liveAgain: `${(Math.max(...Object.values(slowest)) / 1000).toFixed(1)} s`,
        readings: 0,
        wrong: 0,
        leaks: '-',
        message: `slowest, real time: ${times.join(', ')}`,
      });
      expect(Math.max(...Object.values(slowest))).toBeLessThan(PATIENCE);
    },
  );
});
