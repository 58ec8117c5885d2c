import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeAddress } from '../codec/address.ts';
import { closeSocket, loadNativeSocket, type NativeSocket } from './kernel-channel.ts';

/** Why the kernel's controller cannot be used, as far as its files tell. */
export type ControllerProblem = 'absent' | 'blocked';

/** Where the kernel lists its controllers. */
const FOLDER = '/sys/class/bluetooth';

/** Numbers of the controllers that are there: 0 is hci0. */
export async function controllerNumbers(folder = FOLDER): Promise<readonly number[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => /^hci(\d+)$/.exec(name)?.[1] ?? []).map(Number);
}

/**
 * Whether a controller is missing, or blocked by a switch of the machine or by the system
 * (https://docs.kernel.org/driver-api/rfkill.html). Costs a few reads of small files, and needs no rights. Undefined where
 * the kernel has no Bluetooth, too.
 */
export async function controllerProblem(
  device: number,
  folder = FOLDER,
): Promise<ControllerProblem | undefined> {
  const own = join(folder, `hci${device}`);
  const names = await readdir(own).catch(() => undefined);
  if (!names) return (await access(folder).catch(() => 'missing')) === 'missing' ? undefined : 'absent';
  for (const name of names.filter((each) => each.startsWith('rfkill'))) {
    for (const kind of ['hard', 'soft']) {
      const value = await readFile(join(own, name, kind), 'utf8').catch(() => '');
      if (value.trim() === '1') return 'blocked';
    }
  }
  return undefined;
}

/** The management interface of the kernel's Bluetooth (mgmt-api.txt of BlueZ): what is asked, and where answers are. */
const READ_CONTROLLER_INFORMATION = 0x0004;
const COMMAND_COMPLETE = 0x0001;
const HEADER_LENGTH = 6;
const SUCCESS = 0;

/** How long the kernel may take to answer, in milliseconds. */
const ANSWER_TIMEOUT = 500;

/**
 * The public address of a controller, such as `00:1A:7D:DA:71:13`; undefined when the kernel does not tell, as of a
 * controller that some program has for itself.
 */
export async function controllerAddress(
  device: number,
  makeSocket: () => NativeSocket = () => new (loadNativeSocket())(),
): Promise<string | undefined> {
  let socket: NativeSocket | undefined;
  const answered = new AbortController();
  let address: string | undefined;
  try {
    socket = makeSocket();
    socket.on('error', () => answered.abort());
    socket.on('data', (event: Buffer) => {
      address ??= addressIn(event, device);
      if (address !== undefined) answered.abort();
    });
    socket.bindControl?.();
    socket.start();
    const question = Buffer.alloc(HEADER_LENGTH);
    question.writeUInt16LE(READ_CONTROLLER_INFORMATION, 0);
    question.writeUInt16LE(device, 2);
    socket.write(question);
    await delay(ANSWER_TIMEOUT, undefined, { signal: answered.signal }).catch(() => {});
    closeSocket(socket, question);
  } catch {
    // The kernel has no Bluetooth, or the native part is missing.
    if (socket) closeSocket(socket);
  }
  return address;
}

/** The address in an answer: event, controller, length, then the command that is answered, its status, the address. */
function addressIn(event: Buffer, device: number): string | undefined {
  if (event.length < HEADER_LENGTH + 9) return undefined;
  const isAnswer =
    event.readUInt16LE(0) === COMMAND_COMPLETE &&
    event.readUInt16LE(2) === device &&
    event.readUInt16LE(6) === READ_CONTROLLER_INFORMATION &&
    event.readUInt8(8) === SUCCESS;
  return isAnswer ? decodeAddress(event, 9) : undefined;
}
