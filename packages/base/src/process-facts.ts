import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Bits of the capabilities of a process, and all that may drive a Bluetooth controller by HCI (capabilities(7)). */
export const CAP_NET_ADMIN = 12n;
/** The number of the capability that lets a process open raw sockets. */
export const CAP_NET_RAW = 13n;

/** The effective capabilities of a process of this machine, as bits; undefined where they are not known. */
export async function capabilitiesOf(pid: number | 'self', root = '/'): Promise<bigint | undefined> {
  const status = await readFile(join(root, 'proc', String(pid), 'status'), 'utf8').catch(() => '');
  const digits = /^CapEff:\s*([0-9a-f]{1,16})$/im.exec(status)?.[1];
  return digits === undefined ? undefined : BigInt(`0x${digits}`);
}

/** Whether a process may drive a Bluetooth controller by HCI. True where that cannot be told. */
export async function mayUseRadios(pid: number): Promise<boolean> {
  const capabilities = await capabilitiesOf(pid);
  if (capabilities === undefined) return process.platform !== 'linux';
  return [CAP_NET_ADMIN, CAP_NET_RAW].some((bit) => ((capabilities >> bit) & 1n) === 1n);
}

/**
 * The processes that have a Unix socket of this name open, an abstract one with a zero octet in front. Only those whose
 * files this process may see: the superuser sees all.
 */
export async function socketOwners(path: string): Promise<readonly number[]> {
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  const shown = path.replace(/^\0/, '@');
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/));
  // The kernel shows the zeros with which Node fills an abstract name up.
  const inodes = rows.filter((row) => row[7]?.replace(/@+$/, '') === shown).map((row) => row[6]);
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const owners = await Promise.all(pids.map(async (pid) => (await hasOpen(pid, sockets)) && pid));
  return owners.filter((pid) => pid !== false);
}

async function hasOpen(pid: number, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const file of await readdir(folder).catch(() => [])) {
    if (sockets.has(await readlink(join(folder, file)).catch(() => ''))) return true;
  }
  return false;
}
