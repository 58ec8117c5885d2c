/** Compares a password with a hash. */
export type Compare = (password: string, hash: string) => Promise<boolean>;

/** How many checks may wait: of one client, and of all. */
const MOST = { ofClient: 4, ofAll: 64 };

interface Check {
  readonly run: () => Promise<void>;
  /** It is not made. */
  readonly drop: () => void;
}

/**
 * Checks passwords one after the other, and clients in turn: who tries many waits for their own, and others do not wait
 * for them.
 */
export class PasswordQueue {
  readonly #compare: Compare;
  /** What waits, by client; the client whose turn it is comes first. */
  readonly #waiting = new Map<string, Check[]>();
  #running = false;

  constructor(compare: Compare) {
    this.#compare = compare;
  }

  /**
   * Whether the password has the hash; undefined when it was not checked, because too many wait or the client has gone.
   * @param client its address
   */
  async check(
    client: string,
    password: string,
    hash: string,
    signal?: AbortSignal,
  ): Promise<boolean | undefined> {
    return await new Promise((resolve, reject) => {
      const check: Check = {
        run: async () => {
          if (signal?.aborted) resolve(undefined);
          else await this.#compare(password, hash).then(resolve, reject);
        },
        drop: () => resolve(undefined),
      };
      const own = this.#waiting.get(client) ?? [];
      if (own.length >= MOST.ofClient) {
        check.drop();
        return;
      }
      this.#waiting.set(client, [...own, check]);
      this.#makeRoom();
      if (!this.#running) void this.#work();
    });
  }

  /** When too many wait, the latest one of the client that has most is not checked. */
  #makeRoom(): void {
    const all = [...this.#waiting.values()];
    if (all.reduce((sum, { length }) => sum + length, 0) <= MOST.ofAll) return;
    const [client, checks] = [...this.#waiting].reduce((most, each) =>
      each[1].length > most[1].length ? each : most,
    );
    checks.pop()?.drop();
    if (checks.length === 0) this.#waiting.delete(client);
  }

  async #work(): Promise<void> {
    this.#running = true;
    for (let next = this.#next(); next; next = this.#next()) await next.run();
    this.#running = false;
  }

  #next(): Check | undefined {
    const [turn] = this.#waiting;
    if (!turn) return undefined;
    const [client, [check, ...others]] = turn;
    this.#waiting.delete(client);
    if (others.length > 0) this.#waiting.set(client, others);
    return check;
  }
}
