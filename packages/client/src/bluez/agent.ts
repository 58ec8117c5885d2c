import { Message } from '@jellybrick/dbus-next';
import { log } from '@ubmsc/base';
import { errorTextOf } from './bluez-errors.ts';
import { interfaces } from './names.ts';
import type { SystemBus } from './system-bus.ts';

const AGENT_PATH = '/org/ubmsc/agent';

/** What batteries that ask for a passkey take (reference, section 1.4). */
const PASSKEY = 123_456;

/** Answers to what a battery may ask: signature and values of the reply (BlueZ, doc/org.bluez.Agent.rst). */
const answers: Readonly<Record<string, readonly [signature: string, ...body: unknown[]]>> = {
  RequestPasskey: ['u', PASSKEY],
  RequestPinCode: ['s', String(PASSKEY)],
  RequestConfirmation: [''],
  RequestAuthorization: [''],
  AuthorizeService: [''],
  DisplayPasskey: [''],
  DisplayPinCode: [''],
};

/**
 * Answers when a battery asks to be paired, and never begins (reference, section 1.4). Where a desktop has an agent, that
 * one is asked instead. Devices to which there is no link from here are refused.
 */
export class PairingAgent {
  /** Paths of the devices to which we connect. */
  readonly #ours = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #bus: SystemBus;
  readonly #owner: string;

  /** `owner` is the unique name of bluetoothd: nobody else may ask. */
  constructor(bus: SystemBus, owner: string) {
    this.#bus = bus;
    this.#owner = owner;
    bus.answer((message) => this.#answer(message));
  }

  /** Offers the agent to bluetoothd. Without it everything works but pairing. */
  async register(signal?: AbortSignal): Promise<void> {
    const call = { path: '/org/bluez', interface: interfaces.agentManager, member: 'RegisterAgent' };
    try {
      await this.#bus.call({ ...call, signature: 'os', body: [AGENT_PATH, 'KeyboardDisplay'] }, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      log('debug', 'bluez', () => `no pairing: ${errorTextOf(error)}`);
    }
  }

  /** Answers for this device until the result is disposed of. */
  answerFor(device: string): Disposable {
    this.#ours.add(device);
    return {
      [Symbol.dispose]: () => {
        this.#ours.delete(device);
        this.#asked.delete(device);
      },
    };
  }

  /** Whether this device has asked to be paired. */
  wasAskedBy(device: string): boolean {
    return this.#asked.has(device);
  }

  #answer(message: Message): Message | undefined {
    if (message.interface !== interfaces.agent || message.path !== AGENT_PATH) return undefined;
    if (message.sender !== this.#owner) return undefined;
    const { member, body } = message;
    if (member === 'Release' || member === 'Cancel') return Message.newMethodReturn(message, '', []);
    const [device] = body;
    const answer = answers[member];
    if (!answer || typeof device !== 'string' || !this.#ours.has(device)) {
      return Message.newError(message, 'org.bluez.Error.Rejected', 'ubmsc is not connecting to it');
    }
    this.#asked.add(device);
    log('info', 'bluez', () => `${device.slice(-17).replaceAll('_', ':')} asks to be paired: answered`);
    const [signature, ...values] = answer;
    return Message.newMethodReturn(message, signature, values);
  }
}
