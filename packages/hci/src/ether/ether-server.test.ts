import { once } from 'node:events';
import { existsSync, linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decodeAddress } from '../codec/address.ts';
import { connectEther } from './connect-ether.ts';
import { EtherError } from './ether-error.ts';
import { serveEther, type EtherServer } from './ether-server.ts';
import { Ether } from './ether.ts';

const detached = vi.fn<(fault: string | undefined) => void>();
const mask = process.umask();
let directory: string;
let path: string;
let ether: Ether;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ether-'));
  path = join(directory, 'sock');
  detached.mockReset();
  ether = new Ether({ onDetach: (_, error) => detached(error?.fault) });
});

afterEach(() => {
  ether.close();
  rmSync(directory, { recursive: true });
});

const readAddress = Buffer.from('01091000', 'hex');

/** Asks for the address of the controller at the other end. */
async function address(stream: Duplex): Promise<string> {
  const answer = once(stream, 'data');
  stream.write(readAddress);
  const [bytes] = await answer;
  return Buffer.isBuffer(bytes) ? decodeAddress(bytes, bytes.length - 6) : '';
}

function socketTo(server: EtherServer): Socket {
  const socket = connect(server.spec.slice('unix:'.length));
  return socket.on('error', () => undefined);
}

describe.each(['unix', 'tcp'] as const)('an ether server (%s)', (kind) => {
  const spec = (): string => (kind === 'unix' ? `unix:${path}` : 'tcp:127.0.0.1:0');

  test('gives each client a controller of its own', async () => {
    await using server = await serveEther(ether, spec());
    const streams = [await connectEther(server.spec), await connectEther(server.spec)];
    const addresses = [];
    for (const stream of streams) addresses.push(await address(stream));
    expect(addresses).toEqual(['02:00:00:00:00:01', '02:00:00:00:00:02']);
    for (const stream of streams) stream.destroy();
    await expect.poll(() => ether.controllers).toHaveLength(0);
  });

  test('gives a client the address that it wants, and no two the same', async () => {
    await using server = await serveEther(ether, spec());
    const wanted = 'C8:47:80:00:01:01';
    const stream = await connectEther(server.spec, { address: wanted });
    expect(ether.controllers.map((controller) => controller.address)).toEqual([wanted]);
    expect(await address(stream.resume())).toBe(wanted);
    await expect(connectEther(server.spec, { address: wanted })).rejects.toThrow(
      'has a controller with the address',
    );
    stream.destroy();
    await expect.poll(() => ether.controllers).toHaveLength(0);
    (await connectEther(server.spec, { address: wanted })).destroy();
  });

  test('hangs up on its clients when it closes, and can be closed again', async () => {
    const server = await serveEther(ether, spec());
    const stream = await connectEther(server.spec);
    await address(stream);
    const end = once(stream.resume(), 'close');
    await server.close();
    await end;
    await server.close();
    expect(ether.controllers).toEqual([]);
    await expect(connectEther(server.spec)).rejects.toThrow(EtherError);
  });

  test('closes by its signal', async () => {
    const controller = new AbortController();
    const server = await serveEther(ether, spec(), { signal: controller.signal });
    controller.abort();
    await server.close();
    await expect(connectEther(server.spec)).rejects.toThrow(EtherError);
  });

  test('does not start after its signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(serveEther(ether, spec(), { signal })).rejects.toThrow('enough');
    expect(existsSync(path)).toBe(false);
  });

  test('does not start when its signal comes meanwhile', async () => {
    const controller = new AbortController();
    const starting = serveEther(ether, spec(), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(starting).rejects.toThrow('enough');
    expect(existsSync(path)).toBe(false);
  });

  test('hangs up on more clients than it may have', async () => {
    await using server = await serveEther(ether, spec(), { maximumClients: 1 });
    const first = await connectEther(server.spec);
    await address(first);
    const second = await connectEther(server.spec);
    await once(second.resume(), 'close');
    expect(ether.controllers).toHaveLength(1);
    first.destroy();
  });

  test('hangs up on a client of an ether that is closed', async () => {
    await using server = await serveEther(ether, spec());
    ether.close();
    const stream = await connectEther(server.spec);
    await once(stream.resume(), 'close');
    expect(ether.controllers).toEqual([]);
  });
});

describe('whatever a client does, a good one is served:', () => {
  let server: EtherServer;
  let good: Duplex;

  beforeEach(async () => {
    server = await serveEther(ether, `unix:${path}`);
    good = await connectEther(server.spec);
    await address(good);
  });

  afterEach(async () => {
    await expect.poll(() => ether.controllers).toHaveLength(1);
    expect(await address(good)).toBe('02:00:00:00:00:01');
    const another = await connectEther(server.spec);
    expect(await address(another)).toMatch(/^02:00:/);
    await server.close();
  });

  test.each([
    ['garbage', 'ffffffff', 'unknown packet type'],
    ['an oversized packet', '024000ffff0102', 'packet too long'],
    ['an event', '04100101', 'packet from the wrong side'],
  ])('%s', async (_, bytes, fault) => {
    const bad = socketTo(server);
    const end = once(bad.resume(), 'close');
    bad.write(Buffer.from(bytes, 'hex'));
    await end;
    expect(detached.mock.calls).toEqual([[fault]]);
  });

  test('the end within a packet', async () => {
    const bad = socketTo(server);
    const end = once(bad.resume(), 'close');
    bad.end(Buffer.from('01030c', 'hex'));
    await end;
    expect(detached.mock.calls).toEqual([['truncated packet']]);
  });

  test('an abrupt close', async () => {
    const bad = socketTo(server);
    await once(bad, 'connect');
    bad.write(readAddress);
    bad.destroy();
    await expect.poll(() => detached.mock.calls).toHaveLength(1);
  });

  test('a connection half closed', async () => {
    const bad = connect({ path, allowHalfOpen: true });
    const end = once(bad.resume(), 'end');
    bad.end();
    await end;
    bad.destroy();
    expect(detached.mock.calls).toEqual([[undefined]]);
  });

  test('commands without end, whose answers nobody reads', async () => {
    const bad = socketTo(server);
    const flood = Buffer.concat(Array.from({ length: 16_384 }, () => Buffer.from('01021000', 'hex')));
    const write = (): void => {
      while (bad.writable && bad.write(flood));
    };
    bad.on('connect', write).on('drain', write).pause();
    await expect.poll(() => detached.mock.calls).toHaveLength(1);
    expect(detached.mock.calls).toEqual([['host does not read']]);
    bad.destroy();
  });

  test('any octets at all', async () => {
    const anything = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(anything, async (chunks) => {
        const bad = socketTo(server);
        const end = once(bad.resume(), 'close');
        for (const chunk of chunks) bad.write(chunk);
        bad.end();
        await end;
      }),
      { numRuns: 50 },
    );
  });
});

describe('a socket file', () => {
  test('is for its user alone and goes with the server', async () => {
    const server = await serveEther(ether, `unix:${path}`);
    expect(process.umask()).toBe(mask);
    expect(server.spec).toBe(`unix:${path}`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  test('of a dead server is replaced', async () => {
    const dead = createServer().listen(path);
    await once(dead, 'listening');
    // Its file stays behind when a process dies; a second name for it stays behind here.
    linkSync(path, `${path}2`);
    await new Promise((resolve) => void dead.close(resolve));
    expect(statSync(`${path}2`).isSocket()).toBe(true);
    await using server = await serveEther(ether, `unix:${path}2`);
    const stream = await connectEther(server.spec);
    expect(await address(stream)).toBe('02:00:00:00:00:01');
    stream.destroy();
  });

  test('of a live server is left alone', async () => {
    await using server = await serveEther(ether, `unix:${path}`);
    await expect(serveEther(ether, server.spec)).rejects.toThrow(
      expect.objectContaining({ name: 'EtherError', message: `Another server listens at unix:${path}` }),
    );
    const stream = await connectEther(server.spec);
    expect(await address(stream)).toMatch(/^02:00:/);
    stream.destroy();
  });

  test('never takes the place of another file', async () => {
    writeFileSync(path, 'precious');
    await expect(serveEther(ether, `unix:${path}`)).rejects.toThrow(/exists and is not a socket/);
    expect(statSync(path).size).toBe(8);
  });

  test('in no directory is an error with a hint', async () => {
    await expect(serveEther(ether, `unix:${join(directory, 'none', 'sock')}`)).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringContaining('cannot listen'),
        hint: expect.stringContaining('directory that exists'),
      }),
    );
  });
});

test('a TCP port in use is an error with a hint', async () => {
  await using server = await serveEther(ether, 'tcp:127.0.0.1:0');
  expect(server.spec).toMatch(/^tcp:127\.0\.0\.1:[1-9]\d*$/);
  await expect(serveEther(ether, server.spec)).rejects.toThrow(
    expect.objectContaining({
      message: `Another server listens at ${server.spec}`,
      cause: expect.any(Error),
    }),
  );
});
