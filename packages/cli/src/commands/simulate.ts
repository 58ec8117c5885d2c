import { lockAdapter } from '@ubmsc/client';
import { writeFile } from 'node:fs/promises';
import { Ether, EtherError, serveEther } from '@ubmsc/hci';
import { AdapterError, UsageError } from '@ubmsc/protocol';
import {
  advertise,
  deviceProfiles,
  gattLayouts,
  listFaults,
  parseFaults,
  simulate as startSimulation,
  simulatedDevices,
  type DeviceProfileName,
  type GattLayoutName,
  type SimulatedDevice,
  type SimulateOptions,
  type SimulationReport,
} from '@ubmsc/simulator';
import type { Options } from '../command-line/options.ts';
import { exitCodes, Interrupted } from '../exit-codes.ts';
import { print } from '../output.ts';
import { snoop } from '../snoop.ts';
import { joinEther } from './join-ether.ts';

export interface SimulateCommandOptions {
  /** Whether and how what goes over Bluetooth is captured. */
  readonly capture: Pick<Options, 'snoop' | 'showSecrets'>;
  readonly adapter: string | undefined;
  readonly listen?: string;
  readonly batteries: number;
  readonly speed: number;
  readonly gatt?: string;
  readonly model: string;
  readonly seed: number;
  readonly fault: readonly string[];
  /** Time in s after which the faults end. */
  readonly faultFor?: number;
  /** Where the report goes; `-` is standard output. */
  readonly report?: string;
  readonly listFaults?: true;
}

/** Simulated batteries that run. */
interface Running {
  readonly devices: readonly SimulatedDevice[];
  readonly report: () => SimulationReport;
}

/**
 * Runs simulated batteries until it is interrupted: in an ether that it serves, in one that another process serves, or
 * on a controller of this machine.
 */
export async function simulate(options: SimulateCommandOptions, signal: AbortSignal): Promise<number> {
  const { listen, adapter } = options;
  if (options.listFaults) await print(listFaults());
  else if (listen !== undefined) await serve(listen, options, signal);
  else if (adapter !== undefined && /^hci\d+$/.test(adapter)) await onAir(adapter, options, signal);
  else if (adapter !== undefined && /^(unix|tcp):/.test(adapter)) await join(adapter, options, signal);
  else
    throw new UsageError(
      'simulate needs a place',
      'give --listen unix:/path, --listen tcp:host:port, --adapter of one that listens, or --adapter hci0',
    );
  return exitCodes.ok;
}

/** In an ether that this process serves. */
async function serve(listen: string, options: SimulateCommandOptions, signal: AbortSignal): Promise<void> {
  const wanted = batteriesOf(options);
  await using ether = new Ether();
  await using server = await listening(ether, listen, signal);
  await using simulation = await startSimulation({ ...wanted, ether, signal });
  for (const { address, name } of simulation.batteries) await print(`${address}  ${name}\n`);
  await print(`SIMULATED on ${server.spec}; try: ubmsc --adapter ${server.spec} scan\n`);
  const devices = simulation.batteries.map(({ device }) => device);
  await run({ devices, report: () => simulation.report }, options, signal);
}

/** In an ether that another process serves. */
async function join(adapter: string, options: SimulateCommandOptions, signal: AbortSignal): Promise<void> {
  const wanted = batteriesOf(options);
  const devices = simulatedDevices(wanted);
  if (devices.some(({ faults }) => faults.all.some(({ air }) => air))) {
    throw new UsageError('who joins an ether has no faults of the air', 'give them to the one that listens');
  }
  await using joined = await joinEther(adapter, { ...wanted, devices }, signal);
  for (const { address, name } of joined.simulation.batteries) await print(`${address}  ${name}\n`);
  await print(`SIMULATED on ${adapter}\n`);
  await run({ devices, report: () => joined.simulation.report }, options, signal);
}

/** On a controller of this machine. */
async function onAir(adapter: string, options: SimulateCommandOptions, signal: AbortSignal): Promise<void> {
  const { gatt, capture, ...wanted } = batteriesOf(options);
  const [device, second] = simulatedDevices(wanted);
  if (!device || second) throw new UsageError('a controller carries one battery', 'leave --batteries out');
  const place = `hci${Number(adapter.slice(3))}` as const;
  // A controller that advertises and connects at the same time gets stuck: no client may use it meanwhile.
  const lock = await lockAdapter(place);
  try {
    await using advertisement = await advertise(device, place, { ...(gatt && { gatt }), signal, capture });
    const { address, name } = advertisement;
    await print(`${address}  ${name}\nSIMULATED on ${adapter}\n`);
    const report = (): SimulationReport => ({ simulated: true, batteries: [{ address, ...device.report }] });
    await run({ devices: [device], report }, options, signal);
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}

/** A simulation has no end of its own: being interrupted is the way to end it. Then it reports. */
async function run(
  { devices, report }: Running,
  { faultFor, report: file }: SimulateCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const endFaults = (): void => devices.forEach((device) => device.setFaults([]));
  const timer = faultFor === undefined ? undefined : setTimeout(endFaults, faultFor * 1000);
  try {
    await interrupted(signal);
  } finally {
    clearTimeout(timer);
    if (file !== undefined) await writeReport(file, `${JSON.stringify(report(), undefined, 2)}\n`);
  }
}

async function writeReport(file: string, text: string): Promise<void> {
  if (file === '-') return await print(text);
  try {
    await writeFile(file, text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`the report cannot be written: ${why}`, 'give --report another file', { cause });
  }
}

function batteriesOf(options: SimulateCommandOptions): Omit<SimulateOptions, 'ether' | 'signal'> {
  const { batteries, speed, seed, gatt, model, fault } = options;
  return {
    batteries,
    speed,
    seed,
    profile: oneOf<DeviceProfileName>('model', model, deviceProfiles),
    faults: parseFaults(fault),
    capture: snoop(options.capture),
    ...(gatt !== undefined && { gatt: oneOf<GattLayoutName>('GATT layout', gatt, gattLayouts) }),
  };
}

async function listening(ether: Ether, spec: string, signal: AbortSignal): ReturnType<typeof serveEther> {
  try {
    return await serveEther(ether, spec, { signal });
  } catch (cause) {
    if (!(cause instanceof EtherError)) throw cause;
    throw new AdapterError(cause.message, cause.hint, { cause });
  }
}

function oneOf<Name extends string>(
  kind: string,
  text: string,
  table: Readonly<Record<Name, unknown>>,
): Name {
  const names = Object.keys(table);
  const name = names.find((each): each is Name => each.toLowerCase() === text.toLowerCase());
  if (name !== undefined) return name;
  throw new UsageError(`no ${kind} is called ${JSON.stringify(text)}`, `give ${names.join(', ')}`);
}

async function interrupted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const end = (): void => (signal.reason instanceof Interrupted ? resolve() : reject(signal.reason));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
