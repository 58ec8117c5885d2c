import type { Duplex } from 'node:stream';
import {
  EtherError,
  loadWithHciSocket,
  openKernelChannel,
  startHost,
  type ControllerOptions,
  type Ether,
  type PacketCapture,
  type TappableSocket,
  tapSocket,
} from '@ubmsc/hci';
import { AdapterError } from '@ubmsc/session';
import type bleno from '@abandonware/bleno';
import { waitFor } from '../wait-for.ts';

export type Bleno = typeof bleno;

/** The parts of bleno's inside that its public interface does not reach. */
type OpenBleno = Bleno & {
  readonly _bindings: {
    /** The ATT_MTU that it agrees to is set nowhere else; 256 otherwise. */
    readonly _gatt: { maxMtu: number };
    /** It swallows the errors of its socket, and never closes it; why a link ended, it tells nobody. */
    readonly _hci: {
      readonly _socket: TappableSocket & {
        on(event: 'error', listener: (error: Error) => void): void;
      };
      on(event: 'disconnComplete', listener: (handle: number, reason: number) => void): void;
    };
  };
};

/** A Bluetooth controller of this machine, as the kernel names it. */
export type HciDevice = `hci${number}`;

/** Where a peripheral gets its Bluetooth controller from: an ether, or this machine. */
export type PeripheralAdapter = Pick<Ether, 'open'> | HciDevice;

export interface BlenoHostOptions {
  /** What a new controller in an ether is like; a real one is what it is. */
  readonly controller: ControllerOptions;
  /** Name in the GAP service. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** What becomes of the packets between bleno and its controller. It is disposed of with the host. */
  readonly capture?: (() => PacketCapture | Promise<PacketCapture>) | undefined;
}

/** An instance of bleno of its own, powered on. */
export interface BlenoHost {
  readonly bleno: Bleno;
  /** Aborted when the controller has left its ether. */
  readonly gone: AbortSignal;
  /** Calls back when a link has ended, with the reason (Core Specification 5.4, Vol 1, Part F, 1.3). */
  onDisconnection(listener: (reason: number) => void): void;
  /** Sets the largest ATT_MTU to agree to on links to come. */
  setMaxMtu(maxMtu: number): void;
  /** As bleno's own, with the name in the GAP service. */
  setServices(services: Parameters<Bleno['setServices']>[0]): void;
  /** Gives the controller back. Bleno must not be used any more. */
  close(): Promise<void>;
}

const PACKAGE = '@abandonware/bleno';

/** Time in ms that a controller has to leave its ether. */
const CLOSE_TIMEOUT = 1000;

/** A controller with the instance of bleno that is loaded for it, not yet started. */
interface Controller {
  readonly label: string;
  readonly instance: OpenBleno;
  readonly gone: AbortSignal;
  close(): Promise<void>;
}

/**
 * Starts bleno. It is a singleton that cannot be closed: therefore each start loads its modules again, in the mode
 * that leaves no timer behind (user channel), and takes its process listeners off at once. They would end the
 * process on SIGINT, and a dozen simulated batteries would make Node warn of a leak.
 * @throws {AdapterError} there is no such controller, or it may not be used.
 * @throws the reason of `signal` when that is aborted first.
 */
export async function startBleno(adapter: PeripheralAdapter, options: BlenoHostOptions): Promise<BlenoHost> {
  const { name, signal } = options;
  signal.throwIfAborted();
  const capture = await options.capture?.();
  const controller = loadBleno(placeOf(adapter, options.controller));
  const { instance, gone } = controller;
  const close = async (): Promise<void> => {
    await controller.close();
    await capture?.[Symbol.asyncDispose]();
  };
  try {
    if (capture) tapSocket(instance._bindings._hci._socket, capture.packet);
    await powerOn(controller, AbortSignal.any([signal, gone]));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    bleno: instance,
    gone,
    onDisconnection: (listener) =>
      instance._bindings._hci.on('disconnComplete', (_handle, reason) => listener(reason)),
    setMaxMtu: (maxMtu) => (instance._bindings._gatt.maxMtu = maxMtu),
    setServices: (services) =>
      withVariables({ BLENO_DEVICE_NAME: name }, () => instance.setServices(services)),
    close,
  };
}

/** Where a controller is, and what to say about it. */
interface Place {
  readonly label: string;
  /** Opens the host's side of its stream. */
  readonly open: () => Duplex;
  /** What has happened when the stream closes by itself. */
  readonly lost: string;
}

function placeOf(adapter: PeripheralAdapter, options: ControllerOptions): Place {
  if (typeof adapter !== 'string') {
    const label = options.address ?? 'the virtual controller';
    return { label, open: () => adapter.open(options), lost: 'the ether is closed' };
  }
  const number = Number(adapter.slice('hci'.length));
  return {
    label: adapter,
    open: () => openKernelChannel(number, { modes: ['user'] }).stream,
    lost: `${adapter} was unplugged or switched off`,
  };
}

function loadBleno({ label, open, lost }: Place): Controller {
  const gone = new AbortController();
  let stream: Duplex | undefined;
  const openStream = (): Duplex => {
    stream = open();
    stream.once('close', () => gone.abort(new AdapterError(lost, 'start the simulator again')));
    return stream;
  };
  const close = async (): Promise<void> => {
    if (stream === undefined || gone.signal.aborted) return;
    const left = waitFor(AbortSignal.timeout(CLOSE_TIMEOUT), (resolve) => {
      gone.signal.addEventListener('abort', resolve);
      return () => gone.signal.removeEventListener('abort', resolve);
    });
    stream.end();
    await left.catch(() => stream?.destroy());
  };
  const load = (require: NodeJS.Require): OpenBleno => require(PACKAGE);
  try {
    const options = { parent: import.meta.url, packageName: PACKAGE, open: openStream };
    return { label, instance: loadWithHciSocket(load, options), gone: gone.signal, close };
  } catch (cause) {
    throw unusable(label, cause);
  }
}

/** Bleno opens its socket when somebody first listens to its state. */
function powerOn({ label, instance }: Controller, signal: AbortSignal): Promise<void> {
  return waitFor(signal, (resolve, reject) => {
    const stateChanged = (state: string): void => {
      if (state === 'poweredOn') resolve();
      else reject(unusable(label, new Error(`it is ${state}`)));
    };
    instance._bindings._hci._socket.on('error', (error) => reject(unusable(label, error)));
    try {
      startHost(() => instance.on('stateChange', stateChanged))[Symbol.dispose]();
    } catch (error) {
      reject(unusable(label, error));
    }
    return () => instance.off('stateChange', stateChanged);
  });
}

function unusable(label: string, cause: unknown): AdapterError {
  if (cause instanceof EtherError) return new AdapterError(cause.message, cause.hint, { cause });
  const text = cause instanceof Error ? cause.message : String(cause);
  const problem = kernelProblems.find(({ signs }) => signs.test(text));
  const hint = problem?.hint(label) ?? 'choose another one, or carryToKernel(), which needs no hardware';
  return new AdapterError(`${label} cannot be used: ${problem?.what ?? text.split('\n', 1)[0]}`, hint, {
    cause,
  });
}

/** Why the kernel does not give a controller away, by what the native part says. */
const kernelProblems: readonly {
  readonly signs: RegExp;
  readonly what: string;
  readonly hint: (device: string) => string;
}[] = [
  {
    signs: /busy/i,
    what: 'the system uses it',
    hint: (device) => `switch it off first: bluetoothctl power off, or hciconfig ${device} down`,
  },
  {
    signs: /not permitted|permission denied/i,
    what: 'this user may not have the whole controller',
    hint: () => 'run it with sudo, or give it CAP_NET_ADMIN',
  },
  {
    signs: /no such device/i,
    what: 'there is none',
    hint: () => 'choose one that bluetoothctl list shows, or carryToKernel(), which needs no hardware',
  },
  {
    signs: /EAFNOSUPPORT|EPROTONOSUPPORT|not supported/i,
    what: 'this system has no Bluetooth',
    hint: () => 'plug an adapter in and load its driver, or use carryToKernel(), which needs no hardware',
  },
  {
    signs: /Cannot find module|No native build was found/,
    what: 'the native part for this system is missing',
    hint: () => 'install @ubmsc/hci again on this machine',
  },
];

/** Runs with these environment variables: bleno takes its options from there. */
function withVariables(variables: Readonly<Record<string, string>>, run: () => void): void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}
