import { access, readdir, readFile, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadNativeSocket } from '@ubmsc/hci';
import { exitCodes } from '../exit-codes.ts';
import { failed, ok, skipped, type Finding } from './finding.ts';

/** What is asked of the machine. Everything is read without rights of its own. */
export interface HostOptions {
  /** Number of the controller, as in `hci0`. */
  readonly device: number;
  /** Where the system's files are; `/` when left out. */
  readonly root?: string | undefined;
}

/** Bits of the capabilities of a process (capabilities(7)). */
const CAP_NET_ADMIN = 12n;
const CAP_NET_RAW = 13n;

/** Programs that use the same controller, and what they do to it. */
const others: Readonly<Record<string, string>> = {
  bluetoothd: 'bluetoothd manages it',
  hcitool: 'hcitool may scan',
  btmon: 'btmon watches it',
  bluetoothctl: 'bluetoothctl may scan',
};

/** Free space below which nothing is recorded or buffered for long, in bytes. */
const LITTLE_SPACE = 50 * 1024 * 1024;

/** Before this time, in milliseconds since 1970, the clock was not set. */
const LONG_AGO = Date.UTC(2025, 0, 1);

/** Whether the native part that reaches controllers loads. */
export async function checkProgram(isNeeded: boolean, version = process.version): Promise<Finding> {
  const text = `Node ${version} on ${process.platform} ${process.arch}`;
  if (!isNeeded) return ok('program', `${text}; no native part is needed`);
  try {
    if (process.platform === 'linux') loadNativeSocket();
    else createRequire(import.meta.url).resolve('@abandonware/noble');
    return ok('program', `${text}, with noble`);
  } catch {
    const hint = 'install it with npm install, without --omit=optional, or use BlueZ: --adapter bluez';
    return failed('program', `${text}; the native part for controllers is missing`, hint, exitCodes.adapter);
  }
}

/** Whether a radio switch is off (https://docs.kernel.org/driver-api/rfkill.html). */
export async function checkRfkill({ root = '/' }: HostOptions): Promise<Finding> {
  const folder = join(root, 'sys/class/rfkill');
  const switches = await names(folder);
  for (const name of switches) {
    if ((await contentOf(folder, name, 'type')) !== 'bluetooth') continue;
    if ((await contentOf(folder, name, 'hard')) === '1') {
      return failed('rfkill', 'a switch of the machine turns Bluetooth off', 'turn it on', exitCodes.adapter);
    }
    if ((await contentOf(folder, name, 'soft')) === '1') {
      return failed('rfkill', 'Bluetooth is blocked', 'rfkill unblock bluetooth', exitCodes.adapter);
    }
  }
  return switches.length > 0
    ? ok('rfkill', 'nothing blocks Bluetooth')
    : skipped('rfkill', 'there is no switch');
}

/** Whether the controller is there. */
export async function checkAdapter({ device, root = '/' }: HostOptions): Promise<Finding> {
  const folder = join(root, 'sys/class/bluetooth');
  const adapters = (await names(folder)).filter((name) => /^hci\d+$/.test(name));
  const wanted = `hci${device}`;
  if (!adapters.includes(wanted)) {
    const found = adapters.length > 0 ? `only ${adapters.join(', ')}` : 'none at all';
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
  return ok('adapter', `${wanted} is there${details === '' ? '' : ` (${details})`}`, hint);
}

/** Whether this process may use raw HCI sockets. */
export async function checkPermission({ root = '/' }: HostOptions): Promise<Finding> {
  const status = await contentOf(root, 'proc/self/status');
  const effective = /^CapEff:\s*([0-9a-f]{1,16})$/im.exec(status ?? '')?.[1];
  if (effective === undefined) return skipped('permission', 'cannot be told here');
  const capabilities = BigInt(`0x${effective}`);
  const has = (bit: bigint): boolean => ((capabilities >> bit) & 1n) === 1n;
  if (has(CAP_NET_RAW)) {
    return ok('permission', has(CAP_NET_ADMIN) ? 'CAP_NET_RAW and CAP_NET_ADMIN' : 'CAP_NET_RAW');
  }
  const hint = 'give it: AmbientCapabilities=CAP_NET_RAW in a systemd unit, or run it with sudo';
  return failed('permission', 'this process lacks CAP_NET_RAW', hint, exitCodes.adapter);
}

/** Who else uses the controller. It is no failure: most often all goes well. */
export async function checkOthers({ root = '/' }: HostOptions): Promise<Finding> {
  const folder = join(root, 'proc');
  const found = new Set<string>();
  for (const pid of await names(folder)) {
    if (!/^\d+$/.test(pid)) continue;
    const title = others[(await contentOf(folder, pid, 'comm')) ?? ''];
    if (title !== undefined) found.add(title);
  }
  if (found.size === 0) return ok('others', 'nobody else uses it');
  const hint = 'if scans end by themselves, stop it: systemctl stop bluetooth';
  return ok('others', [...found].toSorted().join(', '), hint);
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
