import { log, mayUseRadios } from '@ubmsc/base';
import { controllerAddress, controllerNumbers, controllerProblem } from '@ubmsc/hci';
import { AdapterError } from '@ubmsc/session';
import { lockAdapter } from '../adapter-lock.ts';
import { adapterError } from '../central/adapter-problems.ts';
import type { Central, CentralSource } from '../central/central.ts';
import type { TransportContext } from '../central/transport.ts';
import { NobleCentral } from './noble-central.ts';
import { nobleOnController } from './noble-host.ts';
import { resetController } from './reset-controller.ts';

/** What the source asks of the system; for tests. */
export interface ControllerSystem {
  readonly numbers: () => Promise<readonly number[]>;
  readonly address: (device: number) => Promise<string | undefined>;
  /** Why it cannot be used, where that shows before it is opened. */
  readonly problem: (device: number) => Promise<'absent' | 'blocked' | 'notPermitted' | undefined>;
  readonly lock: (title: string) => Promise<AsyncDisposable>;
  /** Opens a central, and says the address of its controller. */
  readonly open: (
    device: number,
    options: { readonly signal?: AbortSignal | undefined; readonly capture?: TransportContext['capture'] },
  ) => Promise<{ readonly central: Central; readonly address: string | undefined }>;
}

const thisSystem: ControllerSystem = {
  numbers: controllerNumbers,
  address: controllerAddress,
  problem: async (device) => {
    if (process.platform !== 'linux') return undefined;
    return (
      (await controllerProblem(device)) ?? ((await mayUseRadios(process.pid)) ? undefined : 'notPermitted')
    );
  },
  lock: lockAdapter,
  open: async (device, options) => {
    const host = nobleOnController(device);
    const central = await NobleCentral.open(host, options);
    const address = host.noble.address?.toUpperCase();
    return { central, address: address === 'UNKNOWN' ? undefined : address };
  },
};

/**
 * A Bluetooth controller of this machine. Once it was opened it is known by its address: a USB adapter that is plugged
 * in again often has another number.
 */
export class HciSource implements CentralSource {
  readonly simulated = false;
  readonly #capture: TransportContext['capture'];
  readonly #system: ControllerSystem;
  readonly #wanted: number;
  /** The controller that is used, which nobody else of this program may use. */
  #device: number;
  #lock: AsyncDisposable | undefined;
  #address: string | undefined;

  constructor(device: number, { capture }: TransportContext = {}, system = thisSystem) {
    this.#wanted = device;
    this.#device = device;
    this.#capture = capture;
    this.#system = system;
  }

  /** As the user has called it, whatever its number is now. */
  get title(): string {
    return `hci${this.#wanted}`;
  }

  async open(signal?: AbortSignal): Promise<Central> {
    const device = await this.#find();
    await this.#take(device);
    const problem = await this.#system.problem(device);
    if (problem) throw adapterError(this.title, problem);
    signal?.throwIfAborted();
    const { central, address } = await this.#system.open(device, { signal, capture: this.#capture });
    this.#address ??= address;
    if (address === undefined || address === this.#address) return central;
    const another = new AdapterError(
      `hci${device} is another adapter now (${address}): the one that was used (${this.#address}) is gone`,
      'plug it in again, or start again to use the other one',
      { reason: 'adapterGone' },
    );
    await central.close(another);
    throw another;
  }

  async reset(signal: AbortSignal): Promise<void> {
    await resetController(`hci${this.#device}`, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lock?.[Symbol.asyncDispose]();
    this.#lock = undefined;
  }

  /** The number that the controller has now. */
  async #find(): Promise<number> {
    if (this.#address === undefined) return this.#device;
    const numbers = await this.#system.numbers();
    let unknown: number | undefined;
    for (const number of numbers.toSorted(
      (one, other) => Number(other === this.#device) - Number(one === this.#device),
    )) {
      const address = await this.#system.address(number);
      if (address === this.#address) return number;
      if (address === undefined) unknown ??= number;
    }
    // Whether it is the right one shows when it is opened.
    return unknown ?? this.#device;
  }

  async #take(device: number): Promise<void> {
    if (this.#lock && device === this.#device) return;
    const lock = await this.#system.lock(`hci${device}`);
    await this.#lock?.[Symbol.asyncDispose]();
    this.#lock = lock;
    if (device !== this.#device) log('info', 'adapter', () => `${this.title} is hci${device} now`);
    this.#device = device;
  }
}
