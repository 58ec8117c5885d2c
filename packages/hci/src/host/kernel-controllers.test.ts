import { EventEmitter } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NativeSocket } from './kernel-channel.ts';
import { controllerAddress, controllerNumbers, controllerProblem } from './kernel-controllers.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-sys-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function controller(name: string, rfkill: Readonly<Record<string, string>> = {}): Promise<void> {
  await mkdir(join(folder, name, 'rfkill3'), { recursive: true });
  for (const [file, text] of Object.entries(rfkill))
    await writeFile(join(folder, name, 'rfkill3', file), text);
}

test('the kernel lists its controllers and their links, which are not controllers', async () => {
  for (const name of ['hci0', 'hci11', 'hci0:64']) await controller(name);
  expect((await controllerNumbers(folder)).toSorted((one, other) => one - other)).toEqual([0, 11]);
  expect(await controllerNumbers(join(folder, 'none'))).toEqual([]);
});

test.each([
  ['nothing', { hard: '0\n', soft: '0\n' }, undefined],
  ['the switch of the machine', { hard: '1\n', soft: '0\n' }, 'blocked'],
  ['the system', { hard: '0\n', soft: '1\n' }, 'blocked'],
  ['nothing that is known', {}, undefined],
])('%s keeps a controller from being used', async (_, rfkill, problem) => {
  await controller('hci0', rfkill);
  expect(await controllerProblem(0, folder)).toBe(problem);
});

test('a controller that is not there is absent', async () => {
  await controller('hci0');
  expect(await controllerProblem(1, folder)).toBe('absent');
});

/** Answers on the management interface like the kernel does. */
class FakeManagement extends EventEmitter implements NativeSocket {
  readonly #answer: (question: Buffer) => Buffer[];
  isStopped = false;
  constructor(answer: (question: Buffer) => Buffer[]) {
    super();
    this.#answer = answer;
  }
  bindControl(): void {}
  bindUser(): void {}
  bindRaw(): void {}
  setFilter(): void {}
  isDevUp(): boolean {
    return true;
  }
  start(): void {}
  stop(): void {
    this.isStopped = true;
  }
  write(question: Buffer): void {
    for (const event of this.#answer(question)) this.emit('data', event);
  }
}

const octets = Buffer.from('1371da7d1a00', 'hex');

/** Command Complete of Read Controller Information, for a controller, with a status. */
function information(device: number, status: number): Buffer {
  const event = Buffer.alloc(6 + 3 + 277);
  event.writeUInt16LE(0x0001, 0);
  event.writeUInt16LE(device, 2);
  event.writeUInt16LE(3 + 277, 4);
  event.writeUInt16LE(0x0004, 6);
  event.writeUInt8(status, 8);
  octets.copy(event, 9);
  return event;
}

describe('the address of a controller', () => {
  test('is asked of the kernel', async () => {
    const questions: string[] = [];
    const socket = new FakeManagement((question) => {
      questions.push(question.toString('hex'));
      return [Buffer.from('0500ffff0000', 'hex'), information(0, 0), information(3, 0)];
    });
    expect(await controllerAddress(3, () => socket)).toBe('00:1A:7D:DA:71:13');
    expect(questions[0]).toBe('040003000000');
    expect(socket.isStopped).toBe(true);
  });

  test.each([
    ['the kernel refuses', [information(3, 0x11)]],
    ['the answer is cut off', [information(3, 0).subarray(0, 12)]],
    ['nothing is answered', []],
  ])('is not known when %s', async (_, events) => {
    expect(await controllerAddress(3, () => new FakeManagement(() => events))).toBeUndefined();
  });

  test('is not known where there is no Bluetooth', async () => {
    const makeSocket = (): never => {
      throw new Error('EAFNOSUPPORT');
    };
    expect(await controllerAddress(0, makeSocket)).toBeUndefined();
  });
});
