import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { UsageError } from '@ubmsc/base';

/** How this program came to the machine. */
export type InstallKind = 'deb' | 'npm' | 'checkout';

/** What runs, and how somebody else can run it. */
export interface InstalledProgram {
  readonly node: string;
  readonly script: string;
  readonly kind: InstallKind;
  /** What a unit runs. */
  readonly command: readonly string[];
}

/** Finds out what is running. */
export async function installedProgram(
  script: string = process.argv[1] ?? '',
  node: string = process.execPath,
): Promise<InstalledProgram> {
  const file = await realpath(script);
  const kind = installKind(file);
  return { node, script: file, kind, command: kind === 'deb' ? ['/usr/bin/ubmsc'] : [node, file] };
}

export function installKind(file: string): InstallKind {
  if (file.startsWith('/usr/lib/ubmsc/')) return 'deb';
  return file.includes('/node_modules/') ? 'npm' : 'checkout';
}

/**
 * @throws {UsageError} the user of a service cannot read the program: it is in somebody's home.
 */
export async function assertForAllUsers({ node, script, kind }: InstalledProgram): Promise<void> {
  for (const file of [node, script]) {
    const closed = await closedTo(file);
    if (closed === undefined) continue;
    const again = kind === 'checkout' ? '' : ` The Node that ran this is ${node}.`;
    throw new UsageError(
      `a service cannot run ${file}: other users may not read ${closed}`,
      `install ubmsc for all users: sudo apt install ./ubmsc_….deb, or sudo npm install --global ./ubmsc-….tgz with a Node outside of home folders.${again}`,
    );
  }
}

/** The folder or file on the way that others may not enter or read; units see no homes at all. */
async function closedTo(file: string): Promise<string | undefined> {
  const home = /^\/(home|root|run\/user)(?=\/)/.exec(file)?.[0];
  if (home !== undefined) return home;
  if (((await stat(file)).mode & 0o004) === 0) return file;
  for (let folder = dirname(file); folder !== '/'; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return folder;
  }
  return undefined;
}
