import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * What of a folder is on the disk for certain: of a file what it had when it was synced last, of a folder the names that
 * it had then. A loss of power may leave no more than that.
 */
export class SyncedDisk implements Disposable {
  readonly #folder: string;
  readonly #changed: () => void;
  /** The files and folders whose names are on the disk, by their paths. */
  readonly #names = new Map<string, number>();
  readonly #contents = new Map<number, Buffer>();
  /** Keeps the numbers of files that are removed from being given to others. */
  readonly #held = new Map<number, number>();

  /** Calls back whenever there is more on the disk. */
  constructor(folder: string, changed: () => void) {
    this.#folder = folder;
    this.#changed = changed;
  }

  /** Follows what is opened. */
  follow(path: string, handle: FileHandle): void {
    if (!path.startsWith(this.#folder)) return;
    for (const call of ['sync', 'datasync'] as const) {
      const synced = handle[call].bind(handle);
      handle[call] = async () => {
        await synced();
        this.#keep(path);
      };
    }
  }

  #keep(path: string): void {
    if (statSync(path).isDirectory()) {
      for (const name of this.#names.keys()) if (dirname(name) === path) this.#names.delete(name);
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        if (!entry.isFile() && !entry.isDirectory()) continue;
        const name = join(path, entry.name);
        this.#names.set(name, this.#hold(name));
      }
    } else this.#contents.set(this.#hold(path), readFileSync(path));
    this.#changed();
  }

  #hold(path: string): number {
    const { ino } = statSync(path);
    if (!this.#held.has(ino)) this.#held.set(ino, openSync(path, 'r'));
    return ino;
  }

  /**
   * Makes a folder that is as the disk after a loss of power. `torn`: of what was added to a file since then, the first
   * half has come to the disk, too.
   */
  copyTo(copy: string, torn: boolean): void {
    mkdirSync(copy);
    for (const [path, number] of [...this.#names].toSorted(([one], [other]) => one.length - other.length)) {
      const held = this.#held.get(number);
      const place = join(copy, path.slice(this.#folder.length));
      if (held === undefined || !existsSync(dirname(place))) continue;
      const content = this.#contents.get(number) ?? Buffer.alloc(0);
      if (fstatSync(held).isDirectory()) mkdirSync(place);
      else writeFileSync(place, torn ? withHalf(content, held) : content);
    }
  }

  [Symbol.dispose](): void {
    for (const held of this.#held.values()) closeSync(held);
  }
}

/** Half of what a file has beyond this content. */
function withHalf(content: Buffer, file: number): Buffer {
  const whole = Buffer.alloc(fstatSync(file).size);
  readSync(file, whole, 0, whole.length, 0);
  const isAdded = whole.subarray(0, content.length).equals(content);
  return isAdded ? whole.subarray(0, Math.ceil((content.length + whole.length) / 2)) : content;
}
