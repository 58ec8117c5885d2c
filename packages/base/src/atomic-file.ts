import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How a file is replaced. */
export interface AtomicFileOptions {
  /** Permissions of the file, whatever the umask is; 0600 when left out. */
  readonly mode?: number | undefined;
}

/**
 * Replaces the content of a file as a whole: a reader sees the old content or the new, also after a crash or a loss of
 * power. The content is first written to a new file beside it, with a random name that is created exclusively. No link
 * is followed.
 * @throws Error what has the name is not a regular file, or it cannot be written. What was there is then unchanged.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  { mode = 0o600 }: AtomicFileOptions = {},
): Promise<void> {
  const existing = await lstat(file).catch(() => undefined);
  if (existing && !existing.isFile()) throw new Error(`${file} is not a regular file`);
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${randomName()}.new`);
  try {
    {
      await using handle = await open(temporary, 'wx', 0o600);
      await handle.chmod(mode);
      await handle.writeFile(content);
      await handle.sync();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

/** Of the global `crypto`, which is loaded when it is used first: that takes time at the start of every command. */
function randomName(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex');
}

/** Whether a name is that of a file that {@link replaceFile} left behind when the process was killed. */
export function isLeftOver(name: string): boolean {
  return /^\..+\.[0-9a-f]{16}\.new$/.test(name);
}

/** Writes the entries of a folder to the disk. Some systems cannot open a folder; there it does nothing. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // The content is on the disk; its name follows when the system writes it.
  }
}
