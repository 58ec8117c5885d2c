import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, fileProblem, replaceFile, UsageError } from '@ubmsc/base';
import { accountsText, parseAccounts, type Accounts } from './account-text.ts';

/** Energy totals cannot be read or written. */
export class EnergyStateError extends UsageError {}

/**
 * Does something with a file or a folder of energy totals, which has this path.
 * @throws {EnergyStateError} it cannot be `done`: read or written.
 */
export async function onDisk<T>(path: string, done: 'read' | 'written', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new EnergyStateError(...fileProblem(path, done, cause, hints), { cause });
  }
}

const hints = {
  denied: 'run it as the user who keeps the energy totals, or give that user what is in their folder',
  unusable: 'move it away, and put back a backup if there is one',
};

/** The same content twice: when one copy is damaged, the other is read. */
const COPIES = ['energy.json', 'energy.copy.json'] as const;

/** The longest copy, in bytes. */
const LONGEST = 8_000_000;

const FORMAT = 'ubmsc-energy 1';

/** What a state folder holds. */
interface State {
  /** Counts up with each writing: the copy with the larger one is the later one. */
  readonly generation: number;
  readonly accounts: Accounts;
}

/** The energy totals in a state folder. */
export class EnergyState {
  readonly #folder: string;
  #generation: number;
  /** What the folder held when it was opened. */
  readonly accounts: Accounts;
  /** The copy that was damaged when it was opened. */
  readonly damaged: string | undefined;

  private constructor(folder: string, state: State, damaged: string | undefined) {
    this.#folder = folder;
    this.#generation = state.generation;
    this.accounts = state.accounts;
    this.damaged = damaged;
  }

  /**
   * Reads the totals in a folder; without files there are none yet.
   * @throws {EnergyStateError} no copy is intact. Beginning at 0 would make the totals fall.
   */
  static async open(folder: string): Promise<EnergyState> {
    const files = COPIES.map((name) => join(folder, name));
    const copies = await Promise.all(files.map(readCopy));
    const damaged = files.find((_, index) => copies[index] === 'damaged');
    const intact = copies.filter((copy) => copy !== 'damaged').filter((copy) => copy !== undefined);
    const [latest] = intact.toSorted((one, other) => other.generation - one.generation);
    if (!latest && damaged !== undefined) {
      throw new EnergyStateError(
        `the energy totals in ${damaged} are damaged, and so is the copy`,
        `put back a backup, or remove both files to begin at 0`,
      );
    }
    return new EnergyState(folder, latest ?? { generation: 0, accounts: new Map() }, damaged);
  }

  /**
   * Writes both copies. When it resolves, the totals outlive the process, and a loss of power.
   * @throws {EnergyStateError} one cannot be written.
   */
  async write(accounts: Accounts): Promise<void> {
    const generation = this.#generation + 1;
    const body = `${JSON.stringify({ generation })}\n${accountsText(accounts)}\n`;
    const content = `${FORMAT} ${checksum(body)}\n${body}`;
    for (const name of COPIES) {
      const file = join(this.#folder, name);
      await onDisk(file, 'written', async () => await replaceFile(file, content));
    }
    this.#generation = generation;
  }
}

async function readCopy(file: string): Promise<State | 'damaged' | undefined> {
  const content = await contentOf(file);
  return content === undefined ? undefined : parseState(content);
}

/** Undefined when there is no such file. */
async function contentOf(file: string): Promise<string | undefined> {
  return await onDisk(file, 'read', async () => {
    try {
      await using handle = await open(file, 'r');
      const { size } = await handle.stat();
      return size > LONGEST ? '' : await handle.readFile('utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

function parseState(content: string): State | 'damaged' {
  const end = content.indexOf('\n');
  const body = content.slice(end + 1);
  if (content.slice(0, end) !== `${FORMAT} ${checksum(body)}`) return 'damaged';
  const [head = '', text = ''] = body.split('\n');
  const accounts = parseAccounts(text);
  const generation = Number(/^\{"generation":(\d+)\}$/.exec(head)?.[1]);
  return accounts && Number.isSafeInteger(generation) ? { generation, accounts } : 'damaged';
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
