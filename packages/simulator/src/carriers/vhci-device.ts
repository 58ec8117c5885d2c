import { constants, openSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { release } from 'node:os';
import { AdapterError } from '@ubmsc/session';

/** The device through which a program gives Linux a Bluetooth controller. */
const DEVICE = '/dev/vhci';

const MODULE = 'hci_vhci';

/**
 * Opens /dev/vhci, without blocking: a read that blocks would keep one of Node's threads, and the process, for ever.
 * @throws {AdapterError} it is missing or may not be used.
 */
export function openVhci(): number {
  try {
    return openSync(DEVICE, constants.O_RDWR | constants.O_NONBLOCK);
  } catch (cause) {
    throw vhciError(cause, {
      platform: process.platform,
      kernel: release(),
      hasModule: isModuleInstalled(release()),
    });
  }
}

/** What is known of the machine on which the device cannot be opened. */
export interface VhciMachine {
  readonly platform: string;
  /** Release of the kernel. */
  readonly kernel: string;
  /** Whether the module of the device is installed for it; undefined when that cannot be told. */
  readonly hasModule: boolean | undefined;
}

/** What stands in the way of opening the device, and what to do about it. */
export function vhciError(cause: unknown, { platform, kernel, hasModule }: VhciMachine): AdapterError {
  const instead = "or simulate without a kernel: serveEther('unix:/path')";
  if (platform !== 'linux') {
    return new AdapterError(`${platform} has no virtual Bluetooth controllers`, `use Linux, ${instead}`, {
      cause,
    });
  }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'EACCES' || code === 'EPERM') {
    const hint = 'run it with sudo; a container needs --device /dev/vhci';
    return new AdapterError(`${DEVICE} may not be used by this user`, hint, { cause });
  }
  if (['ENOENT', 'ENODEV', 'ENXIO'].includes(code)) {
    if (hasModule === false) {
      const message = `this kernel, ${kernel}, has no virtual Bluetooth controllers: its module ${MODULE} is missing`;
      return new AdapterError(message, `use another kernel, ${instead}`, { cause });
    }
    return new AdapterError(`${DEVICE} is missing`, `load its module: sudo modprobe ${MODULE}`, { cause });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AdapterError(`${DEVICE} cannot be used: ${why}`, `see "dmesg", ${instead}`, { cause });
}

/** Where a kernel's modules are listed: those in files, and those that are built in. */
function isModuleInstalled(kernel: string): boolean | undefined {
  try {
    const lists = ['modules.dep', 'modules.builtin'];
    return lists.some((list) =>
      readFileSync(`/lib/modules/${kernel}/${list}`, 'utf8').includes(`/${MODULE}.ko`),
    );
  } catch {
    return undefined;
  }
}

/** The part of Node's inside that is used below. */
interface PipeBinding {
  readonly Pipe: new (type: number) => { open(descriptor: number): void };
  readonly constants: { readonly SOCKET: number };
}

/**
 * A socket that reads what comes from a descriptor and closes it. Node itself opens sockets on pipes and on the network
 * only, and reads a device with a thread that waits; its handle of a pipe reads whatever the kernel can watch.
 */
export function readerOf(descriptor: number): Socket {
  const binding: (name: 'pipe_wrap') => PipeBinding = Reflect.get(process, 'binding');
  const { Pipe, constants: types } = binding('pipe_wrap');
  const handle = new Pipe(types.SOCKET);
  handle.open(descriptor);
  const options = { handle, readable: true, writable: false };
  return new Socket(options);
}
