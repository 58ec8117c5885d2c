import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile, sanitize, UsageError } from '@ubmsc/base';
import type { Device } from '@ubmsc/client';
import { AdapterError, DeviceNotFoundError } from '@ubmsc/session';
import { findAll } from '../../batteries/find-devices.ts';
import { openSession } from '../../batteries/session.ts';
import type { CommandContext } from '../../command-line/context.ts';
import type { Options } from '../../command-line/options.ts';
import { exitCodes } from '../../exit-codes.ts';
import { hintInOptions } from '../../hints.ts';
import { chooseAmong } from '../../installation/ask.ts';
import { serviceConfigFile, stateFolderOfService } from '../../installation/places.ts';
import { assertForAllUsers, installedProgram } from '../../installation/program.ts';
import { configText, givenSettings } from '../../installation/service-config.ts';
import { doSteps, type Step } from '../../installation/steps.ts';
import { assertRoot, assertSystemd, runProgram, unitProperties } from '../../installation/system.ts';
import { serviceUser, unitName } from '../../installation/unit.ts';
import { unitStep } from '../../installation/unit-step.ts';
import { print, Progress } from '../../output.ts';

export interface InstallOptions {
  readonly dryRun?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

/** Lets systemd run the exporter: user, configuration, unit, start. What is there already stays. */
export async function installService(own: InstallOptions, context: CommandContext): Promise<number> {
  const { signal } = context;
  if (process.platform !== 'linux')
    throw new UsageError('only Linux with systemd has this service', 'run ubmsc export');
  if (!own.dryRun) {
    assertSystemd();
    assertRoot('service install');
  }
  const program = await installedProgram();
  await assertForAllUsers(program);
  await print(`Node       ${program.node} (${process.version})\nubmsc      ${program.script}\n`);
  const config = await configStep(own, context);
  const steps = [
    ...(await userStep(signal)),
    ...config,
    ...(await unitStep(program)),
    ...(await startStep(signal)),
  ];
  const done = await doSteps(steps, { ...own, signal });
  if (done) await print(`\nThe service runs. See it: ubmsc service status. Its log: journalctl -u ubmsc\n`);
  return exitCodes.ok;
}

async function userStep(signal: AbortSignal): Promise<readonly Step[]> {
  const isThere = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .some((line) => line.startsWith(`${serviceUser}:`));
  if (isThere) return [];
  const home = ['--home-dir', stateFolderOfService, '--no-create-home', '--shell', '/usr/sbin/nologin'];
  const command = ['useradd', '--system', '--user-group', ...home, serviceUser] as const;
  return [
    {
      title: `Create the user ${serviceUser}, as whom the service runs`,
      detail: command.join(' '),
      run: async () => await runProgram(command, signal),
    },
  ];
}

async function configStep(own: InstallOptions, context: CommandContext): Promise<readonly Step[]> {
  if (existsSync(serviceConfigFile)) {
    await print(`Batteries  as ${serviceConfigFile} says, which stays as it is\n`);
    return [];
  }
  const options = context.options();
  const batteries = await choose(await find(options, context.signal), own, context.signal);
  const text = configText(givenSettings(options, context.isGiven), batteries);
  return [
    {
      title: `Write ${serviceConfigFile}: which batteries are read, and where readings go`,
      detail: text,
      run: async () => {
        await mkdir(dirname(serviceConfigFile), { recursive: true, mode: 0o755 });
        // Secrets stand in files of their own, so that everybody may read this one.
        await replaceFile(serviceConfigFile, text, { mode: 0o644 });
      },
    },
  ];
}

/** The batteries in range. A machine whose Bluetooth does not work yet gets a service that waits for it. */
async function find(options: Options, signal: AbortSignal): Promise<readonly Device[]> {
  try {
    await using session = await openSession(options, signal);
    using progress = new Progress();
    return await findAll(session.adapter, { signal, timeout: options.scanTimeout * 1000, progress });
  } catch (error) {
    if (!(error instanceof DeviceNotFoundError) && !(error instanceof AdapterError)) throw error;
    await print(
      `Batteries  none found: ${sanitize(error.message)}\n           ${sanitize(hintInOptions(error.hint))}\n`,
    );
    return [];
  }
}

async function choose(
  found: readonly Device[],
  own: InstallOptions,
  signal: AbortSignal,
): Promise<readonly Device[]> {
  if (found.length === 0) return [];
  const lines = found.map(({ address, name }, index) =>
    `  ${index + 1}. ${address}  ${sanitize(name ?? '')}`.trimEnd(),
  );
  await print(`Batteries  ${found.length} found\n${lines.join('\n')}\n`);
  if (found.length === 1 || own.yes || own.dryRun) return found;
  return await chooseAmong(found, signal);
}

async function startStep(signal: AbortSignal): Promise<readonly Step[]> {
  const isRunning = existsSync('/run/systemd/system')
    ? (await unitProperties(unitName, signal)).get('ActiveState') === 'active'
    : false;
  const commands: readonly (readonly [string, ...string[]])[] = [
    ['systemctl', 'daemon-reload'],
    ['systemctl', 'enable', unitName],
    ['systemctl', 'restart', unitName],
  ];
  return [
    {
      title: isRunning ? 'Start it again, now and with the machine' : 'Start it, now and with the machine',
      detail: commands.map((command) => command.join(' ')).join('\n'),
      run: async () => {
        for (const command of commands) await runProgram(command, signal);
      },
    },
  ];
}
