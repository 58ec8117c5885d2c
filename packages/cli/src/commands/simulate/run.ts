import { lockAdapter } from '@ubmsc/client';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Ether, EtherError, serveEther } from '@ubmsc/hci';
import { isLoopback } from '@ubmsc/exporter';
import { AdapterError } from '@ubmsc/session';
import { fileProblem, replaceFile, UsageError } from '@ubmsc/base';
import {
  advertise,
  carryToKernel,
  deviceProfiles,
  gattLayouts,
  listFaults,
  listLoads,
  parseFaults,
  parseLoad,
  recordedAddresses,
  RecordedDevice,
  SimulatedDevice,
  simulateDevices,
  simulatedDevices,
  type DeviceProfileName,
  type GattLayoutName,
  type SerialDevice,
  type SimulationReport,
} from '@ubmsc/simulator';
import type { Options } from '../../command-line/options.ts';
import { exitCodes, Interrupted } from '../../exit-codes.ts';
import { announce, print } from '../../output.ts';
import { snoop } from '../../snoop.ts';
import { loadRecording } from '../../recordings/load-recording.ts';
import { joinEther } from './join-ether.ts';

export interface SimulateCommandOptions {
  /** Whether and how what goes over Bluetooth is captured. */
  readonly capture: Pick<Options, 'snoop' | 'showSecrets'>;
  readonly adapter: string | undefined;
  readonly listen?: string;
  /** Recordings that are replayed instead of simulated batteries. */
  readonly replay: readonly string[];
  readonly loop?: true;
  readonly from?: number;
  readonly to?: number;
  readonly batteries: number;
  readonly speed: number;
  readonly gatt?: string;
  readonly model: string;
  readonly seed: number;
  /** What charger and consumers do, by its name. */
  readonly load?: string;
  readonly listLoads?: true;
  readonly fault: readonly string[];
  /** Time in s after which the faults end. */
  readonly faultFor?: number;
  /** Where the report goes; `-` is standard output. */
  readonly report?: string;
  readonly listFaults?: true;
}

/** Devices, and the addresses that they have where that is for us to say. */
interface Devices {
  readonly devices: readonly SerialDevice[];
  readonly addressOf?: (index: number) => string;
}

/** Simulated batteries that run. */
interface Running {
  readonly devices: readonly SerialDevice[];
  readonly report: () => SimulationReport;
}

/**
 * Runs simulated batteries until it is interrupted: in an ether that it serves, in one that another process serves, for
 * the kernel of this machine, or on a controller of it.
 */
export async function simulate(options: SimulateCommandOptions, signal: AbortSignal): Promise<number> {
  const { listen, adapter, report } = options;
  if (report !== undefined && report !== '-') await checkReport(report);
  if (options.listFaults) await print(listFaults());
  else if (options.listLoads) await print(listLoads());
  else if (listen !== undefined) await serve(listen, options, signal);
  else if (adapter === 'vhci') await carry(options, signal);
  else if (adapter !== undefined && /^hci\d+$/.test(adapter)) await onAir(adapter, options, signal);
  else if (adapter !== undefined && /^(unix|tcp):/.test(adapter)) await join(adapter, options, signal);
  else
    throw new UsageError(
      'simulate needs a place',
      'give --listen unix:/path, --listen tcp:host:port, --adapter of one that listens, --adapter vhci, or --adapter hci0',
    );
  return exitCodes.ok;
}

/** In an ether that this process serves. */
async function serve(listen: string, options: SimulateCommandOptions, signal: AbortSignal): Promise<void> {
  const { devices, ...wanted } = await devicesOf(options, signal);
  await using ether = new Ether();
  await using server = await listening(ether, listen, signal);
  if (isOpen(server.spec)) {
    announce(
      `warning: ${server.spec} can be reached from other machines, and whoever reaches it is on the air; tcp:127.0.0.1:PORT is for this one`,
    );
  }
  const capture = snoop(options.capture);
  await using simulation = await simulateDevices(devices, { ...wanted, capture, ether, signal });
  for (const { address, name } of simulation.batteries) await print(`${address}  ${name}\n`);
  await print(`SIMULATED on ${server.spec}; try: ubmsc --adapter ${server.spec} scan\n`);
  await run({ devices, report: () => simulation.report }, options, signal);
}

/** Whether other machines reach a place such as `tcp:0.0.0.0:9000`. */
function isOpen(spec: string): boolean {
  const url = spec.startsWith('tcp:') ? spec.replace(/^tcp:(\/\/)?/, 'http://') : '';
  return URL.canParse(url) && !isLoopback(new URL(url));
}

/** In an ether that another process serves. */
async function join(adapter: string, options: SimulateCommandOptions, signal: AbortSignal): Promise<void> {
  const { devices } = await devicesOf(options, signal);
  if (devices.some(({ faults }) => faults.all.some(({ air }) => air))) {
    throw new UsageError('who joins an ether has no faults of the air', 'give them to the one that listens');
  }
  await using joined = await joinEther(
    adapter,
    { devices, seed: options.seed, capture: snoop(options.capture) },
    signal,
  );
  for (const { address, name } of joined.simulation.batteries) await print(`${address}  ${name}\n`);
  await print(`SIMULATED on ${adapter}\n`);
  await run({ devices, report: () => joined.simulation.report }, options, signal);
}

/** In an ether that is the air of a new controller of this machine's kernel, and so of every program on it. */
async function carry(options: SimulateCommandOptions, signal: AbortSignal): Promise<void> {
  const { devices, ...wanted } = await devicesOf(options, signal);
  await using ether = new Ether();
  const capture = snoop(options.capture);
  await using simulation = await simulateDevices(devices, { ...wanted, capture, ether, signal });
  await using controller = await carryToKernel(ether, { address: hostAddress(options.seed), signal });
  for (const { address, name } of simulation.batteries) await print(`${address}  ${name}\n`);
  await print(`SIMULATED on vhci; this machine receives them on ${controller.device}\n`);
  const ended = AbortSignal.any([signal, controller.gone]);
  await run({ devices, report: () => simulation.report }, options, ended);
}

/** Address of the kernel's controller: the same each time, and never that of a real one. */
function hostAddress(seed: number): string {
  const octets = seed.toString(16).toUpperCase().padStart(8, '0').match(/../g) ?? [];
  return ['02', '00', ...octets].join(':');
}

/** On a controller of this machine. */
async function onAir(adapter: string, options: SimulateCommandOptions, signal: AbortSignal): Promise<void> {
  const { devices } = await devicesOf(options, signal);
  const [device, second] = devices;
  if (!device || second) throw new UsageError('a controller carries one battery', 'leave --batteries out');
  const place = `hci${Number(adapter.slice(3))}` as const;
  // A controller that advertises and connects at the same time gets stuck: no client may use it meanwhile.
  const lock = await lockAdapter(place);
  try {
    await using advertisement = await advertise(device, place, { signal, capture: snoop(options.capture) });
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
  const endFaults = (): void => {
    for (const device of devices) if (device instanceof SimulatedDevice) device.setFaults([]);
  };
  const timer = faultFor === undefined ? undefined : setTimeout(endFaults, faultFor * 1000);
  try {
    await interrupted(signal);
  } finally {
    clearTimeout(timer);
    if (file !== undefined) await writeReport(file, `${JSON.stringify(report(), undefined, 2)}\n`);
  }
}

/** A simulation of hours shall not end with a report that cannot be written. */
async function checkReport(file: string): Promise<void> {
  try {
    await access(dirname(file), constants.W_OK);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

function cannotWrite(file: string, cause: unknown): UsageError {
  const hint = 'give --report another file';
  const problem = fileProblem(`the report ${file}`, 'written', cause, { denied: hint, unusable: hint });
  return new UsageError(...problem, { cause });
}

async function writeReport(file: string, text: string): Promise<void> {
  if (file === '-') return await print(text);
  try {
    await replaceFile(file, text);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

async function devicesOf(options: SimulateCommandOptions, signal: AbortSignal): Promise<Devices> {
  const { batteries, speed, seed, gatt, model, load, fault, replay } = options;
  if (options.faultFor !== undefined && fault.length === 0)
    throw new UsageError('--fault-for ends what --fault begins', 'give a fault, too, or leave it out');
  if (replay.length > 0) return await recordedDevices(options, signal);
  if (options.loop || options.from !== undefined || options.to !== undefined) {
    throw new UsageError('--loop, --from and --to are about a recording', 'give --replay with its file');
  }
  return {
    devices: simulatedDevices({
      batteries,
      speed,
      seed,
      profile: oneOf<DeviceProfileName>('model', model, deviceProfiles),
      ...(load !== undefined && { load: parseLoad(load) }),
      faults: parseFaults(fault),
      ...(gatt !== undefined && { gatt: oneOf<GattLayoutName>('GATT layout', gatt, gattLayouts) }),
    }),
  };
}

async function recordedDevices(options: SimulateCommandOptions, signal: AbortSignal): Promise<Devices> {
  const { replay: files, fault, load, gatt, batteries, from, to } = options;
  if (fault.length > 0 || load !== undefined || gatt !== undefined || batteries > 1) {
    throw new UsageError(
      'a recording has its own faults, load, GATT layout and battery',
      'leave --fault, --load, --gatt and --batteries out; --replay may be repeated',
    );
  }
  const recordings = [];
  for (const file of files) recordings.push(await loadRecording(file, signal, { from, to }));
  return {
    devices: recordings.map((recording) => new RecordedDevice(recording, options)),
    addressOf: recordedAddresses(recordings),
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
