import { access, readdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { CAP_NET_ADMIN, CAP_NET_RAW, capabilitiesOf } from '@ubmsc/base';
import { adapterErrorOf, adapterProblems, radioSwitches } from '@ubmsc/client';
import { loadNativeSocket } from '@ubmsc/hci';
import { exitCodes } from '../exit-codes.ts';
import { failed, ok, skipped, type Finding } from './finding.ts';

/** What is asked of the machine. Everything is read without rights of its own. */
export interface SystemOptions {
  /** Where the system's files are; `/` when left out. */
  readonly root?: string | undefined;
}

export interface HostOptions extends SystemOptions {
  /** Number of the controller, as in `hci0`. */
  readonly device: number;
}

/** Programs that use the same controller, and what they do to it. */
const others: Readonly<Record<string, string>> = {
  bluetoothd: 'bluetoothd uses it, too',
  hcitool: 'hcitool may scan',
  btmon: 'btmon watches it',
  bluetoothctl: 'bluetoothctl may scan',
};

/** Free space below which nothing is recorded or buffered for long, in bytes. */
const LITTLE_SPACE = 50 * 1024 * 1024;

/** Before this time, in milliseconds since 1970, the clock was not set. */
const LONG_AGO = Date.UTC(2025, 0, 1);

/** Whether the native part that reaches controllers loads. */
export async function checkProgram(isNeeded: boolean, load = loadNativePart): Promise<Finding> {
  const text = `Node ${process.version} on ${process.platform} ${process.arch}`;
  if (!isNeeded) return ok('program', `${text}; no native part is needed`);
  const problem = problemOfNativePart(load);
  if (!problem) return ok('program', `${text}, with noble`);
  return failed('program', `${text}; ${problem.message}`, problem.hint, exitCodes.adapter);
}

/** Why the native part that reaches controllers does not load, and what to do; undefined where it does. */
export function problemOfNativePart(
  load = loadNativePart,
): { readonly message: string; readonly hint: string } | undefined {
  try {
    load();
    return undefined;
  } catch (error) {
    const { message, hint } = adapterErrorOf('hci', error);
    return { message: message.replace('hci cannot be used: ', ''), hint };
  }
}

/** On other systems, opening the adapter tells. */
function loadNativePart(): void {
  if (process.platform === 'linux') loadNativeSocket();
}

/** Whether a radio switch is off. Those of other controllers do not matter, where it is known which one is wanted. */
export async function checkRfkill(
  options: SystemOptions & { readonly device?: number | undefined },
): Promise<Finding> {
  const { count, block } = radioSwitches(options);
  if (block === 'hard') {
    return failed('rfkill', 'a switch of the machine turns Bluetooth off', 'turn it on', exitCodes.adapter);
  }
  if (block === 'soft') {
    return failed('rfkill', 'Bluetooth is blocked', 'rfkill unblock bluetooth', exitCodes.adapter);
  }
  return count > 0 ? ok('rfkill', 'nothing blocks Bluetooth') : skipped('rfkill', 'there is no switch');
}

/** Whether the controller is there. */
export async function checkAdapter({ device, root = '/' }: HostOptions, why?: string): Promise<Finding> {
  const folder = join(root, 'sys/class/bluetooth');
  const adapters = (await names(folder)).filter((name) => /^hci\d+$/.test(name));
  const wanted = `hci${device}`;
  if (!adapters.includes(wanted)) {
    const found = adapters.length > 0 ? `only ${adapters.join(', ')}` : 'none';
    const hint =
      adapters[0] === undefined
        ? 'plug a Bluetooth adapter in, or try a simulated battery with --adapter sim'
        : `choose it with --adapter ${adapters[0]}`;
    return failed('adapter', `there is no adapter ${wanted}, ${found}`, hint, exitCodes.adapter);
  }
  const address = await contentOf(folder, wanted, 'address');
  const modalias = await contentOf(folder, wanted, 'device/modalias');
  const bus = modalias?.startsWith('usb:') ? 'USB' : modalias === undefined ? undefined : 'on board';
  const details = [bus, address].filter((detail) => detail !== undefined).join(', ');
  const hint =
    bus === 'on board'
      ? 'if links are lost often, a USB adapter helps: on-board radios share with Wi-Fi'
      : undefined;
  const chosen = why === undefined ? '' : `; chosen because ${why}`;
  return ok('adapter', `${wanted} is there${details === '' ? '' : ` (${details})`}${chosen}`, hint);
}

/** Whether this process may drive a controller: alone, for which it has to be down, or beside the kernel. */
export async function checkPermission({ root = '/' }: SystemOptions): Promise<Finding> {
  const capabilities = await capabilitiesOf('self', root);
  if (capabilities === undefined) return skipped('permission', 'cannot be told here');
  const held = drivers.filter(([, bit]) => ((capabilities >> bit) & 1n) === 1n).map(([name]) => name);
  if (held.length > 0) return ok('permission', held.join(' and '));
  const { hint } = adapterProblems.notPermitted;
  return failed('permission', 'this process lacks CAP_NET_RAW and CAP_NET_ADMIN', hint, exitCodes.adapter);
}

/** Capabilities that let a process drive a controller. */
const drivers = [
  ['CAP_NET_RAW', CAP_NET_RAW],
  ['CAP_NET_ADMIN', CAP_NET_ADMIN],
] as const;

/** Who else uses the controller. It may go well, but a bluetoothd scans and connects on it as well. */
export async function checkOthers({ root = '/' }: SystemOptions): Promise<Finding> {
  const folder = join(root, 'proc');
  const found = new Set<string>();
  for (const pid of await names(folder)) {
    if (!/^\d+$/.test(pid)) continue;
    const name = await contentOf(folder, pid, 'comm');
    if (name !== undefined && Object.hasOwn(others, name)) found.add(name);
  }
  if (found.size === 0) return ok('others', 'no program runs that is known to use Bluetooth');
  const hint = found.has('bluetoothd')
    ? 'two that scan and connect on one controller disturb each other: use --adapter bluez, or stop bluetoothd (systemctl stop bluetooth)'
    : 'if scans end by themselves, end that program';
  return ok(
    'others',
    [...found]
      .toSorted()
      .map((name) => others[name])
      .join(', '),
    hint,
  );
}

/** Whether times can be right, and whether there is room to record and to buffer. */
export async function checkHost(folder: string, now = Date.now()): Promise<Finding> {
  if (now < LONG_AGO) {
    const hint = 'set it: timedatectl set-ntp true; times of readings are wrong until then';
    return failed('host', `the clock says ${new Date(now).toISOString()}`, hint, exitCodes.bug);
  }
  const space = await statfs(folder).catch(() => undefined);
  if (!space) return ok('host', 'the clock is set');
  const free = space.bavail * space.bsize;
  const shown = `${Math.round(free / 1024 / 1024)} MiB free in ${folder}`;
  return ok('host', `the clock is set, ${shown}`, free < LITTLE_SPACE ? 'make room' : undefined);
}

async function names(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}

/** A short file of the system; undefined when it is not there. */
async function contentOf(...path: readonly string[]): Promise<string | undefined> {
  const file = join(...path);
  try {
    await access(file);
    return (await readFile(file, 'utf8')).trim();
  } catch {
    return undefined;
  }
}
