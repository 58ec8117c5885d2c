import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileReason, log, replaceFile } from '@ubmsc/base';

/** Most names that are kept: names on the air are anybody's. */
const MOST = 1000;

/**
 * What each battery was called when it was seen first, by its address. So several that advertise one name keep theirs,
 * whichever is seen first after a restart: the name is the label of its metrics.
 */
export class KnownNames {
  readonly #file: string;
  readonly #names: Map<string, string>;
  #saving: Promise<void> = Promise.resolve();

  private constructor(file: string, names: Map<string, string>) {
    this.#file = file;
    this.#names = names;
  }

  /** Reads the names of a file. What cannot be read is as if there were none. */
  static async open(file: string): Promise<KnownNames> {
    let parsed: unknown;
    try {
      parsed = JSON.parse(await readFile(file, 'utf8'));
    } catch {
      parsed = {};
    }
    const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
    const names = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return new KnownNames(file, new Map(names.slice(0, MOST)));
  }

  /** What the battery at an address is called, which advertises this name. */
  nameOf(address: string, advertised: string | undefined): string {
    const known = this.#names.get(address);
    if (known !== undefined) return known;
    const wanted = advertised ?? address;
    const isTaken = [...this.#names.values()].includes(wanted);
    const name = isTaken ? `${wanted} ${address}` : wanted;
    if (this.#names.size < MOST) {
      this.#names.set(address, name);
      this.#saving = this.#saving.then(async () => await this.#save());
    }
    return name;
  }

  /** Waits until what was seen is written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#saving;
  }

  async #save(): Promise<void> {
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await replaceFile(this.#file, `${JSON.stringify(Object.fromEntries(this.#names), null, 2)}\n`);
    } catch (error) {
      log('warn', 'fleet', () => `names of batteries are not kept in ${this.#file}: ${fileReason(error)}`);
    }
  }
}
