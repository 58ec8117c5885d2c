import { every, log } from '@ubmsc/base';
import type { EnergyTotals } from '@ubmsc/session';
import { totalsOf } from './account.ts';
import type { Accounts } from './account-text.ts';
import { EnergyState } from './state-file.ts';

/** How often totals are read, in milliseconds: as often as they are written. */
const PERIOD = 60_000;

/** Energy totals that another process adds up in a folder, such as a service. Nothing is written there. */
export class KeptTotals implements AsyncDisposable {
  readonly #folder: string;
  #accounts: Accounts;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;

  private constructor(folder: string, accounts: Accounts) {
    this.#folder = folder;
    this.#accounts = accounts;
    this.#running = every(PERIOD, this.#closing.signal, async () => await this.#read());
  }

  /** @throws {EnergyStateError} the totals in the folder are damaged beyond repair. */
  static async open(folder: string): Promise<KeptTotals> {
    const { accounts } = await EnergyState.open(folder);
    return new KeptTotals(folder, accounts);
  }

  /** The totals of a battery; undefined when it has none. */
  totals(key: string): EnergyTotals | undefined {
    const account = this.#accounts.get(key);
    return account && totalsOf(account, Date.now());
  }

  /** The other process adds. */
  add(): void {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #read(): Promise<void> {
    try {
      ({ accounts: this.#accounts } = await EnergyState.open(this.#folder));
    } catch (error) {
      log(
        'warn',
        'energy',
        () =>
          `energy totals are shown as they were: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
