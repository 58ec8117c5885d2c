import { EventEmitter, once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processEnd } from '@ubmsc/base';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openKernelChannel, type NativeSocket, type NativeSocketClass } from './kernel-channel.ts';

/** What the kernel says to each bind, and whether the controller is up. */
interface Kernel {
  readonly user?: string;
  readonly raw?: string;
  readonly socket?: string;
  up: boolean;
}

let sockets: FakeSocket[] = [];
let folder: string;

class FakeSocket extends EventEmitter implements NativeSocket {
  readonly kernel: Kernel;
  readonly calls: string[] = [];
  constructor(kernel: Kernel) {
    super();
    this.kernel = kernel;
    sockets.push(this);
  }
  bindUser = (device: number): void => this.#bind('user', device);
  bindRaw = (device: number): void => this.#bind('raw', device);
  isDevUp = (): boolean => this.kernel.up;
  setFilter = (filter: Buffer): void => void this.calls.push(`filter ${filter.toString('hex')}`);
  start = (): void => void this.calls.push('start');
  stop = (): void => void this.calls.push('stop');
  write = (packet: Buffer): void => void this.calls.push(packet.toString('hex'));

  #bind(mode: 'user' | 'raw', device: number): void {
    this.calls.push(`${mode} ${device}`);
    if (this.kernel.socket !== undefined) this.emit('error', new Error(this.kernel.socket));
    if (this.kernel[mode] !== undefined) throw new Error(this.kernel[mode]);
  }
}

function on(kernel: Kernel): { readonly socketClass: NativeSocketClass; readonly folder: string } {
  return {
    folder,
    socketClass: class extends FakeSocket {
      constructor() {
        super(kernel);
      }
    },
  };
}

const latest = (): readonly string[] => sockets.at(-1)?.calls ?? [];

beforeEach(() => {
  sockets = [];
  folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
  mkdirSync(join(folder, 'hci0'));
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

test('the user channel is taken where it can be had', () => {
  const { mode, stream } = openKernelChannel(0, on({ up: false }));
  expect(mode).toBe('user');
  expect(latest()).toEqual(['user 0', 'start']);
  stream.destroy();
});

test.each(['Device or resource busy', 'Operation not permitted'])(
  'where the kernel says "%s", the raw channel is taken, with every packet of it',
  (user) => {
    const { mode, stream } = openKernelChannel(0, on({ up: true, user }));
    expect(mode).toBe('raw');
    expect(latest()).toEqual(['raw 0', 'filter ffffffffffffffffffffffff00000000', 'start']);
    stream.destroy();
  },
);

test('only what was asked for is tried', () => {
  const kernel = on({ up: true, user: 'Device or resource busy' });
  expect(() => openKernelChannel(0, { ...kernel, modes: ['user'] })).toThrow('Device or resource busy');
  expect(sockets).toHaveLength(1);
});

test.each<[string, Kernel, RegExp]>([
  [
    'neither can be had',
    { up: true, user: 'Device or resource busy', raw: 'not permitted' },
    /not permitted/,
  ],
  ['the controller is down', { up: false, user: 'Operation not permitted' }, /ENETDOWN/],
  ['there is no socket', { up: true, socket: 'Address family not supported' }, /not supported/],
])('where %s, that is the error', (_, kernel, message) => {
  expect(() => openKernelChannel(0, on(kernel))).toThrow(message);
});

test('packets pass both ways, one write each', async () => {
  const { stream } = openKernelChannel(0, on({ up: true }));
  const read = once(stream, 'data');
  sockets[0]?.emit('data', Buffer.from('040e', 'hex'));
  expect(await read).toEqual([Buffer.from('040e', 'hex')]);
  stream.write(Buffer.from('01030c00', 'hex'));
  stream.write(Buffer.from('01091000', 'hex'));
  expect(latest()).toEqual(['user 0', 'start', '01030c00', '01091000']);
  stream.destroy();
});

test('closing asks the controller for more packets, on one of which the native part ends', async () => {
  const { stream } = openKernelChannel(0, on({ up: true }));
  stream.destroy();
  await once(stream, 'close');
  expect(latest().slice(-2)).toEqual(['01091000', 'stop']);
});

test('a process that ends leaves the socket to the system, which closes it sooner', async () => {
  const { stream } = openKernelChannel(0, on({ up: true }));
  processEnd.isNear = true;
  stream.destroy();
  processEnd.isNear = false;
  await once(stream, 'close');
  expect(latest()).toEqual(['user 0', 'start']);
});

test.each<[string, Partial<Kernel>, (kernel: Kernel) => void]>([
  ['of the user channel that is unplugged', {}, () => rmSync(join(folder, 'hci0'), { recursive: true })],
  ['of the raw channel that is switched off', { user: 'busy' }, (kernel) => (kernel.up = false)],
])('a controller %s closes the stream within a second', async (_, says, leave) => {
  const kernel: Kernel = { up: true, ...says };
  const { stream } = openKernelChannel(0, on(kernel));
  vi.advanceTimersByTime(1000);
  expect(stream.destroyed).toBe(false);
  const failed = once(stream, 'error');
  leave(kernel);
  vi.advanceTimersByTime(1000);
  expect(String(await failed)).toContain('Network is down');
  expect(latest().at(-1)).toBe('stop');
});
