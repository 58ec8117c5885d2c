import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { Message, MessageFlag, MessageType, sessionBus, type MessageBus } from '@jellybrick/dbus-next';
import { eventWithin, within } from '@ubmsc/base';
import { busError } from './bluez-errors.ts';

/** How long the bus may take to let us in, in milliseconds. */
const HELLO_TIMEOUT = 5000;

/** How long a call may take where its caller says nothing, in milliseconds. */
const CALL_TIMEOUT = 5000;

/** What is called: a method of an object. */
export interface MethodCall {
  /** Name on the bus; `org.bluez` when left out. */
  readonly destination?: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** Types of the arguments (D-Bus specification, "Type system"). */
  readonly signature?: string;
  readonly body?: readonly unknown[];
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined | readonly (AbortSignal | undefined)[];
  /** In milliseconds. */
  readonly timeout?: number | undefined;
  /** The error when the time is up. */
  readonly late?: (() => Error) | undefined;
}

/** Answers a call of somebody else: with arguments to return, or undefined when the method is unknown. */
export type MethodHandler = (message: Message) => Message | undefined;

/** The bus of the system, to which `DBUS_SYSTEM_BUS_ADDRESS` may give another address. */
export class SystemBus implements Disposable {
  readonly #bus: MessageBus;
  readonly #gone = new AbortController();
  readonly #listeners = new Set<(signal: Message) => void>();
  /** The bus has let us in. */
  #isIn = false;

  private constructor(bus: MessageBus) {
    this.#bus = bus;
    const emitter: EventEmitter = bus;
    emitter.on('error', (error: unknown) => this.#lose(error));
    connectionOf(bus)?.on('end', () => {
      this.#lose(Object.assign(new Error('it has closed the connection'), { code: 'ECONNRESET' }));
    });
    bus.on('message', (message) => {
      if (message.type !== MessageType.SIGNAL) return;
      for (const listener of this.#listeners) listener(message);
    });
  }

  /** Connects. Rejects with an AdapterError when there is no bus, or when it refuses. */
  static async open(signal?: AbortSignal): Promise<SystemBus> {
    const bus = sessionBus({
      busAddress: systemBusAddress(),
      negotiateUnixFd: false,
      authMethods: ['EXTERNAL'],
    });
    const opened = new SystemBus(bus);
    try {
      const late = (): Error => busError(new Error('it does not answer'));
      await eventWithin(bus, 'connect', { signal: [signal, opened.gone], timeout: HELLO_TIMEOUT, late });
      opened.#isIn = true;
      return opened;
    } catch (error) {
      opened[Symbol.dispose]();
      throw error;
    }
  }

  /** Aborts with an AdapterError when the connection has ended. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Calls a method and returns what it returns. Rejects with a DBusError when it fails. Starts no service. */
  async call(method: MethodCall, options: CallOptions = {}): Promise<readonly unknown[]> {
    const { signal, timeout = CALL_TIMEOUT } = options;
    const late = options.late ?? ((): Error => new Error(`${method.member} was not answered`));
    return await within({ signal: [signal, this.gone].flat(), timeout, late }, async () => {
      const reply = await this.#bus.call(toMessage(method));
      return reply?.body ?? [];
    });
  }

  /** Has the bus deliver the signals that match (D-Bus specification, "Match Rules"). */
  async match(rule: string, signal?: AbortSignal): Promise<void> {
    await this.daemon('AddMatch', rule, signal);
  }

  /** Calls a method of the bus itself that takes one text, or nothing. */
  async daemon(member: string, text?: string, signal?: AbortSignal): Promise<readonly unknown[]> {
    const destination = 'org.freedesktop.DBus';
    const path = '/org/freedesktop/DBus';
    return await this.call(
      {
        destination,
        path,
        interface: destination,
        member,
        ...(text !== undefined && { signature: 's', body: [text] }),
      },
      { signal },
    );
  }

  /** Calls `listener` for each signal that is delivered, until the result is disposed of. */
  observe(listener: (signal: Message) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Answers calls of others, until the result is disposed of. */
  answer(handler: MethodHandler): Disposable {
    const handle = (message: Message): boolean => {
      const reply = handler(message);
      if (reply) this.#bus.send(reply);
      return reply !== undefined;
    };
    this.#bus.addMethodHandler(handle);
    return { [Symbol.dispose]: () => this.#bus.removeMethodHandler(handle) };
  }

  /** Ends the connection. What was called before is still sent. */
  [Symbol.dispose](): void {
    this.#lose(new Error('it was closed'));
    const stream = streamOf(this.#bus);
    stream?.end(() => stream.destroy());
  }

  #lose(cause: unknown): void {
    if (!this.#gone.signal.aborted) this.#gone.abort(busError(cause, this.#isIn));
  }
}

/** Where the bus is, unless the environment says otherwise; the library knows the second place only. */
const SOCKETS = ['/run/dbus/system_bus_socket', '/var/run/dbus/system_bus_socket'] as const;

function systemBusAddress(): string {
  const socket = SOCKETS.find((path) => existsSync(path)) ?? SOCKETS[0];
  return process.env['DBUS_SYSTEM_BUS_ADDRESS'] || `unix:path=${socket}`;
}

function toMessage({ destination = 'org.bluez', body = [], signature = '', ...rest }: MethodCall): Message {
  return new Message({ ...rest, destination, signature, body: [...body], flags: MessageFlag.NO_AUTO_START });
}

/** The library tells of errors, but not of an end without one. */
function connectionOf(bus: MessageBus): EventEmitter | undefined {
  const connection: unknown = Reflect.get(bus, '_connection');
  return connection instanceof EventEmitter ? connection : undefined;
}

function streamOf(bus: MessageBus): Duplex | undefined {
  const connection = connectionOf(bus);
  const stream: unknown = connection && Reflect.get(connection, 'stream');
  return stream instanceof Duplex ? stream : undefined;
}
