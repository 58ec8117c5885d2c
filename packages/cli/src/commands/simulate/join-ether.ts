import { elapses, untilAborted } from '@ubmsc/base';
import { connectEther, EtherError } from '@ubmsc/hci';
import { AdapterError } from '@ubmsc/session';
import {
  batteryAddress,
  simulateDevices,
  type SerialDevice,
  type Simulation,
  type SimulationOptions,
} from '@ubmsc/simulator';

/** Time between two attempts to join an ether again, in milliseconds. */
const REST = 500;

interface JoinOptions extends Pick<SimulationOptions, 'capture'> {
  readonly devices: readonly SerialDevice[];
  /** What their addresses are made of. */
  readonly seed: number;
}

/**
 * Puts batteries into an ether that another process serves, again and again when that goes and comes back. Resolves
 * when they advertise for the first time, and rejects with an AdapterError when they cannot.
 */
export async function joinEther(
  spec: string,
  options: JoinOptions,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly simulation: Simulation<SerialDevice> }> {
  const closing = new AbortController();
  const ended = AbortSignal.any([signal, closing.signal]);
  let simulation = await join(spec, options, ended);
  const rejoin = async (): Promise<void> => {
    for (;;) {
      await untilAborted(AbortSignal.any([simulation.gone, ended]));
      if (ended.aborted) return;
      await simulation.close();
      try {
        simulation = await join(spec, options, ended);
      } catch {
        await elapses(REST, ended);
      }
    }
  };
  const running = rejoin();
  return {
    get simulation() {
      return simulation;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
      await simulation.close();
    },
  };
}

/**
 * Each battery has a connection of its own, on which the ether gives it a controller; its address is that of its seed,
 * so that it is the same when it comes again.
 */
async function join(
  spec: string,
  options: JoinOptions,
  signal: AbortSignal,
): Promise<Simulation<SerialDevice>> {
  const connections = await Promise.allSettled(
    options.devices.map(async (_, index) => {
      const address = batteryAddress(index, options.seed);
      return await connectEther(spec, { signal, address });
    }),
  );
  const streams = connections.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  try {
    const failure = connections.find((each) => each.status === 'rejected');
    if (failure) throw failure.reason;
    const open = (): (typeof streams)[number] => {
      const stream = streams.shift();
      if (stream) return stream;
      throw new AdapterError(`${spec} has no controller left`, 'start the simulator again');
    };
    return await simulateDevices(options.devices, { ...options, ether: { open }, signal });
  } catch (cause) {
    for (const stream of streams) stream.destroy();
    if (cause instanceof EtherError) throw new AdapterError(cause.message, cause.hint, { cause });
    throw cause;
  }
}
