import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { every, isLeftOver, lockFolder, log } from '@ubmsc/base';
import type { EnergyTotals } from '@ubmsc/session';
import { addStep, emptyAccount, totalsOf, type Account } from './account.ts';
import { accountsText, parseAccounts, type Accounts } from './account-text.ts';
import { stepBetween, type Sample } from './meter.ts';
import { EnergyState, onDisk } from './state-file.ts';

/** How often totals are written, in milliseconds: a crash loses no more. */
const PERIOD = 60_000;

/** Where totals are kept, and how often they are written. */
export interface EnergyMetersOptions {
  /** Where totals are kept. It is made when it does not exist. */
  readonly folder: string;
  /** The wall clock, which tells the day; `Date.now` when left out. */
  readonly wallClock?: (() => number) | undefined;
}

/** A battery whose energy is added up. */
export interface Metered {
  /** Under which its totals are kept. */
  readonly key: string;
  /** What it is called now. */
  readonly name: string;
}

/**
 * Energy and charge of each battery, added up across restarts. Only what is on the disk is told of, so that no total
 * ever falls, whenever the process is killed.
 */
export class EnergyMeters implements AsyncDisposable {
  readonly #state: EnergyState;
  readonly #lock: AsyncDisposable | undefined;
  readonly #wallClock: () => number;
  readonly #accounts: Map<string, Account>;
  readonly #latest = new Map<string, Sample>();
  /** What is on the disk. */
  #saved: Accounts;
  #savedText: string;
  #saving: Promise<void> | undefined;
  #problem: string | undefined;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;

  private constructor(
    state: EnergyState,
    lock: AsyncDisposable | undefined,
    { wallClock = Date.now }: EnergyMetersOptions,
  ) {
    this.#state = state;
    this.#lock = lock;
    this.#wallClock = wallClock;
    this.#accounts = new Map(state.accounts);
    this.#saved = state.accounts;
    this.#savedText = accountsText(state.accounts);
    this.#running = every(PERIOD, this.#closing.signal, async () => await this.save());
  }

  /**
   * @throws {EnergyStateError} the totals in the folder cannot be read, or are damaged beyond repair.
   * @throws {UsageError} another process adds up there: one of them would write what the other has not.
   */
  static async open(options: EnergyMetersOptions): Promise<EnergyMeters> {
    const { folder } = options;
    await onDisk(folder, 'written', async () => await mkdir(folder, { recursive: true, mode: 0o700 }));
    const lock = await lockFolder(folder, 'the folder of energy totals');
    const state = await openState(folder, lock);
    if (lock) await removeLeftOvers(folder);
    const { damaged } = state;
    if (damaged !== undefined)
      log('warn', 'energy', () => `${damaged} was damaged; its copy is used and replaces it`);
    return new EnergyMeters(state, lock, options);
  }

  /** Adds a sample of a battery, which was taken at this time of the wall clock. */
  add({ key, name }: Metered, sample: Sample, time: number): void {
    const before = this.#latest.get(key);
    // One that comes late adds nothing: what is between is in the sums already.
    if (before && sample.time <= before.time) return;
    this.#latest.set(key, sample);
    const account = this.#accounts.get(key);
    const named = { ...(account ?? emptyAccount), name };
    this.#accounts.set(key, before ? addStep(named, stepBetween(before, sample), time) : named);
    if (!account) void this.save();
  }

  /** The totals of a battery; undefined when it has none yet. */
  totals(key: string): EnergyTotals | undefined {
    const account = this.#saved.get(key);
    return account && totalsOf(account, this.#wallClock());
  }

  /** Why totals stand still, for people; undefined while they can be written. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Writes what was added since the last time. Never rejects: what cannot be written is kept for the next time. */
  async save(): Promise<void> {
    while (this.#saving) await this.#saving;
    this.#saving = this.#save();
    await this.#saving;
    this.#saving = undefined;
  }

  async #save(): Promise<void> {
    const text = accountsText(this.#accounts);
    if (text === this.#savedText) return;
    try {
      await this.#state.write(this.#accounts);
    } catch (error) {
      const problem = `energy totals stand still: ${error instanceof Error ? error.message : String(error)}`;
      if (this.#problem === undefined) log('error', 'energy', () => problem);
      this.#problem = problem;
      return;
    }
    if (this.#problem !== undefined) log('info', 'energy', () => 'energy totals are written again');
    this.#problem = undefined;
    this.#savedText = text;
    this.#saved = parseAccounts(text) ?? this.#saved;
  }

  /** Writes what there is, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#running;
    await this.save();
    await this.#lock?.[Symbol.asyncDispose]();
  }
}

/** Lets the folder go when there is nothing to use in it. */
async function openState(folder: string, lock: AsyncDisposable | undefined): Promise<EnergyState> {
  try {
    return await EnergyState.open(folder);
  } catch (error) {
    await lock?.[Symbol.asyncDispose]();
    throw error;
  }
}

/** Removes what a run that was killed, or lost its power, had begun to write. On a disk that is read-only it stays. */
async function removeLeftOvers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(isLeftOver)) await rm(join(folder, name), { force: true }).catch(() => {});
}
