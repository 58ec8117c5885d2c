import { Ether, EtherError, serveEther } from '@ubmsc/hci';
import { AdapterError, UsageError } from '@ubmsc/protocol';
import {
  advertise,
  deviceProfiles,
  gattLayouts,
  listFaults,
  parseFaults,
  simulate as startSimulation,
  SimulatedDevice,
  type DeviceProfileName,
  type GattLayoutName,
} from '@ubmsc/simulator';
import { exitCodes, Interrupted } from '../exit-codes.ts';
import { print } from '../output.ts';

export interface SimulateCommandOptions {
  readonly adapter: string | undefined;
  readonly listen: string | undefined;
  readonly batteries: number;
  readonly speed: number;
  readonly gatt: string | undefined;
  readonly model: string;
  readonly seed: number;
  readonly fault: readonly string[];
  readonly listFaults?: true;
}

/** Runs simulated batteries until it is interrupted: in an ether that it serves, or on a controller of this machine. */
export async function simulate(options: SimulateCommandOptions, signal: AbortSignal): Promise<number> {
  const { listen, adapter } = options;
  if (options.listFaults) await print(listFaults());
  else if (listen !== undefined) await serve(listen, options, signal);
  else if (adapter !== undefined && /^hci\d+$/.test(adapter)) await onAir(adapter, options, signal);
  else
    throw new UsageError(
      'simulate needs a place',
      'give --listen unix:/path, --listen tcp:host:port or --adapter hci0',
    );
  return exitCodes.ok;
}

async function serve(listen: string, options: SimulateCommandOptions, signal: AbortSignal): Promise<void> {
  const { batteries, speed, seed } = options;
  const gatt = layoutOf(options);
  const profile = oneOf<DeviceProfileName>('model', options.model, deviceProfiles);
  const faults = parseFaults(options.fault);
  await using ether = new Ether();
  await using server = await listening(ether, listen, signal);
  await using simulation = await startSimulation({
    ether,
    batteries,
    speed,
    seed,
    ...gatt,
    profile,
    faults,
    signal,
  });
  for (const { address, name } of simulation.batteries) await print(`${address}  ${name}\n`);
  await print(`SIMULATED on ${server.spec}; try: ubmsc --adapter ${server.spec} scan\n`);
  await interrupted(signal);
}

async function onAir(adapter: string, options: SimulateCommandOptions, signal: AbortSignal): Promise<void> {
  const { batteries, speed, seed } = options;
  if (batteries !== 1) throw new UsageError('a controller carries one battery', 'leave --batteries out');
  const gatt = layoutOf(options);
  const profile = deviceProfiles[oneOf<DeviceProfileName>('model', options.model, deviceProfiles)];
  const device = new SimulatedDevice({ profile, speed, seed, faults: parseFaults(options.fault) });
  await using advertisement = await advertise(device, `hci${Number(adapter.slice(3))}`, { ...gatt, signal });
  await print(`${advertisement.address}  ${advertisement.name}\nSIMULATED on ${adapter}\n`);
  await interrupted(signal);
}

/** That of the model when none is given. */
function layoutOf({ gatt }: SimulateCommandOptions): { readonly gatt?: GattLayoutName } {
  return gatt === undefined ? {} : { gatt: oneOf<GattLayoutName>('GATT layout', gatt, gattLayouts) };
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

/** A simulation has no end of its own: being interrupted is the way to end it. */
async function interrupted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const end = (): void => (signal.reason instanceof Interrupted ? resolve() : reject(signal.reason));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
