import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { stateFolder, UsageError } from '@ubmsc/base';
import type { GeneralOptions } from '../command-line/general-options.ts';
import { stateFolderOfService } from '../installation/places.ts';
import { serviceUser } from '../installation/unit.ts';

/** The folders of energy totals and of the history in the folder for state. */
export const ENERGY = 'energy';
export const HISTORY = 'history';

/**
 * Where a long run keeps its state: the folder that is given, or that of the service or the user where it exists.
 * Undefined when nothing is kept.
 */
export function keptIn({ state }: Pick<GeneralOptions, 'state'>): string | undefined {
  if (state !== undefined) return state;
  const folder = stateFolder();
  return existsSync(folder) ? folder : undefined;
}

/** How a command sees what the service of this machine keeps, for a hint; undefined where it keeps nothing. */
export function keptByService(command: string, folder = stateFolderOfService): string | undefined {
  if (!existsSync(folder)) return undefined;
  return `the service keeps what it has in ${folder}: sudo -u ${serviceUser} ubmsc ${command} --state ${folder}`;
}

/** @throws {UsageError} a folder is there, but this user may not read it; `command` is what wants to. */
export function assertReadable(folder: string, command: string, access = accessSync): void {
  if (!existsSync(folder)) return;
  try {
    access(folder, constants.R_OK | constants.X_OK);
  } catch (cause) {
    const ofService = folder.startsWith(`${stateFolderOfService}/`) ? keptByService(command) : undefined;
    throw new UsageError(`this user may not read ${folder}`, ofService ?? 'run it as the user who keeps it', {
      cause,
    });
  }
}

/**
 * Root would leave files that the user who keeps the state may not read, and would follow what that user has put there.
 *
 * @param folder of the history, which may not be there yet
 * @throws {UsageError} root wants to write into a folder of another user.
 */
export function assertOwnFolder(
  folder: string,
  command: string,
  user = process.getuid?.(),
  ownerOf = (path: string): number => statSync(path).uid,
): void {
  const nearest = [folder, dirname(folder)].find((each) => existsSync(each));
  if (user !== 0 || nearest === undefined) return;
  const owner = ownerOf(nearest);
  if (owner === user) return;
  const name = folder.startsWith(`${stateFolderOfService}/`) ? serviceUser : `'#${owner}'`;
  throw new UsageError(
    `${folder} is that of another user, who could not use what root writes there`,
    `run it as that user: sudo -u ${name} ubmsc ${command} --state ${dirname(folder)}`,
  );
}
