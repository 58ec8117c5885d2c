import type { EventEmitter } from 'node:events';
import { Message, MessageType, sessionBus, Variant, type MessageBus } from '@jellybrick/dbus-next';
import { asError } from '@ubmsc/base';

const PROPERTIES = 'org.freedesktop.DBus.Properties';
const OBJECT_MANAGER = 'org.freedesktop.DBus.ObjectManager';

/** Properties of an interface, with their types. */
export type Properties = Record<string, Variant>;

/** A method was refused: name and text of the error, as a service answers. */
export class Refusal extends Error {
  override readonly name: string;

  constructor(name: string, text: string) {
    super(text);
    this.name = name.includes('.') ? name : `org.bluez.Error.${name}`;
  }
}

/** A call of a method, by the unique name of whoever calls. */
export interface Call {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly unknown[];
  readonly sender: string;
}

/** A service on a bus whose objects have properties. Subclass it and answer the methods. */
export abstract class ObjectServer implements Disposable {
  readonly #bus: MessageBus;
  readonly #objects = new Map<string, Map<string, Properties>>();
  #hasLeft = false;

  constructor(address: string) {
    this.#bus = sessionBus({ busAddress: address });
    const emitter: EventEmitter = this.#bus;
    emitter.on('error', () => {}); // the bus has ended before its service
    this.#bus.addMethodHandler((message) => {
      void this.#answer(message);
      return true;
    });
    this.#bus.on('message', ({ type, member, body: [name, , after] }) => {
      if (type === MessageType.SIGNAL && member === 'NameOwnerChanged' && after === '')
        this.left(String(name));
    });
  }

  /** Takes its name on the bus, from when on it is there for others. */
  async start(name: string): Promise<void> {
    await this.#bus.call(
      new Message({
        destination: 'org.freedesktop.DBus',
        path: '/org/freedesktop/DBus',
        interface: 'org.freedesktop.DBus',
        member: 'AddMatch',
        signature: 's',
        body: ["type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"],
      }),
    );
    await this.#bus.requestName(name);
  }

  /** Leaves the bus at once, as a process that is killed does. */
  [Symbol.dispose](): void {
    this.#hasLeft = true;
    this.#bus.disconnect();
  }

  /** Returns what a method returns, with its types; rejects with a {@link Refusal}. */
  protected abstract answer(call: Call): Promise<readonly [signature: string, ...body: unknown[]]>;

  /** A call of this method was answered just now: what is sent here follows the answer at once. */
  protected abstract answered(member: string): void;

  /** Whoever had this unique name has left the bus. */
  protected abstract left(sender: string): void;

  get(path: string, name: string, property: string): unknown {
    return this.#objects.get(path)?.get(name)?.[property]?.value;
  }

  paths(): readonly string[] {
    return [...this.#objects.keys()];
  }

  add(path: string, name: string, properties: Properties): void {
    const all = this.#objects.get(path) ?? new Map<string, Properties>();
    this.#objects.set(path, all.set(name, properties));
    this.#emit('/', OBJECT_MANAGER, 'InterfacesAdded', 'oa{sa{sv}}', path, { [name]: properties });
  }

  remove(path: string): void {
    const names = [...(this.#objects.get(path)?.keys() ?? [])];
    this.#objects.delete(path);
    if (names.length > 0) this.#emit('/', OBJECT_MANAGER, 'InterfacesRemoved', 'oas', path, names);
  }

  set(path: string, name: string, changed: Properties): void {
    const before = this.#objects.get(path)?.get(name);
    if (!before) return;
    Object.assign(before, changed);
    this.#emit(path, PROPERTIES, 'PropertiesChanged', 'sa{sv}as', name, changed, []);
  }

  emit(path: string, name: string, member: string, signature: string, ...body: unknown[]): void {
    this.#emit(path, name, member, signature, ...body);
  }

  /** Calls a method of somebody else. */
  async call(
    to: string,
    path: string,
    name: string,
    member: string,
    signature: string,
    ...body: unknown[]
  ): Promise<readonly unknown[]> {
    const call = new Message({ destination: to, path, interface: name, member, signature, body });
    return (await this.#bus.call(call))?.body ?? [];
  }

  #emit(path: string, name: string, member: string, signature: string, ...body: unknown[]): void {
    this.#send(Message.newSignal(path, name, member, signature, body));
  }

  /** What is found out after it has left the bus is told to nobody. */
  #send(message: Message): void {
    if (!this.#hasLeft) this.#bus.send(message);
  }

  async #answer(message: Message): Promise<void> {
    try {
      const [signature, ...body] = this.#standard(message) ?? (await this.answer(message));
      this.#send(Message.newMethodReturn(message, signature, body));
      this.answered(message.member);
    } catch (error) {
      const { name, message: text } = asError(error);
      this.#send(Message.newError(message, name.includes('.') ? name : 'org.bluez.Error.Failed', text));
    }
  }

  #standard({
    path,
    interface: of,
    member,
    body: [first, second, third],
  }: Message): [string, ...unknown[]] | undefined {
    if (of === OBJECT_MANAGER && member === 'GetManagedObjects') {
      const all = [...this.#objects].map(([each, names]) => [each, Object.fromEntries(names)]);
      return ['a{oa{sa{sv}}}', Object.fromEntries(all)];
    }
    if (of === PROPERTIES && member === 'GetAll') {
      return ['a{sv}', this.#objects.get(path)?.get(String(first)) ?? {}];
    }
    if (of === PROPERTIES && member === 'Get') {
      const value = this.#objects.get(path)?.get(String(first))?.[String(second)];
      if (value) return ['v', value];
    }
    if (of === PROPERTIES && member === 'Set' && third instanceof Variant) {
      this.set(path, String(first), { [String(second)]: third });
      return [''];
    }
    return undefined;
  }
}
