import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '@ubmsc/base';
import { exitCodes } from '../../exit-codes.ts';
import {
  oldUnitFile,
  packagedUnit,
  serviceConfigFile,
  stateFolderOfService,
  unitChangesFolder,
  unitFile,
} from '../../installation/places.ts';
import { doSteps, type Step, type StepOptions } from '../../installation/steps.ts';
import { assertRoot, assertSystemd, runProgram } from '../../installation/system.ts';
import { serviceUser, unitName } from '../../installation/unit.ts';
import { print } from '../../output.ts';

/** Stops the service and removes its unit; with `purge` also what it has written, its configuration and its user. */
export async function uninstallService(
  own: Omit<StepOptions, 'signal'> & { readonly purge?: boolean | undefined },
  signal: AbortSignal,
): Promise<number> {
  if (!own.dryRun) {
    assertSystemd();
    assertRoot('service uninstall');
  }
  const steps = [...stopSteps(signal), ...(own.purge ? await purgeSteps(signal) : [])];
  const done = await doSteps(steps, { ...own, signal });
  if (!done) return exitCodes.ok;
  if (!own.purge) {
    await print(
      `\nKept: ${dirname(serviceConfigFile)}, ${stateFolderOfService}, the user ${serviceUser}; --purge removes them.\n`,
    );
  }
  const packaged = packagedUnit();
  if (packaged !== undefined)
    await print(`The program itself: sudo apt remove ubmsc, or sudo apt purge ubmsc\n`);
  return exitCodes.ok;
}

function stopSteps(signal: AbortSignal): readonly Step[] {
  const hasOwn = existsSync(unitFile);
  if (!hasOwn && packagedUnit() === undefined) return [];
  const disable = ['systemctl', 'disable', '--now', unitName] as const;
  const reload = ['systemctl', 'daemon-reload'] as const;
  return [
    {
      title: 'Stop it, and start it no more with the machine',
      detail: disable.join(' '),
      run: async () => await runProgram(disable, signal),
    },
    ...(hasOwn
      ? [
          {
            title: `Remove ${unitFile}`,
            detail: `rm ${unitFile}\n${reload.join(' ')}`,
            run: async () => {
              await rm(unitFile, { force: true });
              await syncFolder(dirname(unitFile));
              await runProgram(reload, signal);
            },
          },
        ]
      : []),
  ];
}

async function purgeSteps(signal: AbortSignal): Promise<readonly Step[]> {
  const written = [dirname(serviceConfigFile), stateFolderOfService, unitChangesFolder, oldUnitFile].filter(
    (each) => existsSync(each),
  );
  const users = await readFile('/etc/passwd', 'utf8');
  const hasUser = users.split('\n').some((line) => line.startsWith(`${serviceUser}:`));
  const remove = ['userdel', serviceUser] as const;
  return [
    ...written.map((each) => ({
      title: `Remove ${each}${each === oldUnitFile ? '' : ' and all that is in it'}`,
      detail: `rm -r ${each}`,
      run: async () => await rm(each, { recursive: true, force: true }),
    })),
    ...(hasUser
      ? [
          {
            title: `Remove the user ${serviceUser}`,
            detail: remove.join(' '),
            run: async () => await runProgram(remove, signal),
          },
        ]
      : []),
  ];
}
