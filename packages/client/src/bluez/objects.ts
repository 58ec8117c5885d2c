import type { Message } from '@jellybrick/dbus-next';
import { within, type WaitOptions } from '@ubmsc/base';
import { interfaces } from './names.ts';
import { textOf, textsOf, toProperties, type Properties } from './properties.ts';
import type { SystemBus } from './system-bus.ts';

/** What has changed of one interface of an object. */
export interface Change {
  readonly path: string;
  readonly interface: string;
  /** The properties that have new values; undefined when the interface was removed. */
  readonly changed: Properties | undefined;
}

/** The objects of bluetoothd, kept up to date: adapters, devices, services, characteristics. */
export class BluezObjects implements Disposable {
  readonly #bus: SystemBus;
  /** Unique name of bluetoothd: signals of anybody else are not heeded. */
  readonly #owner: string;
  readonly #objects = new Map<string, Map<string, Properties>>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #subscription: Disposable;
  /** Signals that come while the objects are read; undefined afterwards. */
  #early: Message[] | undefined = [];

  private constructor(bus: SystemBus, owner: string) {
    this.#bus = bus;
    this.#owner = owner;
    this.#subscription = bus.observe((signal) => this.#take(signal));
  }

  /** Reads every object of the service with this unique name. */
  static async read(bus: SystemBus, owner: string, signal?: AbortSignal): Promise<BluezObjects> {
    await bus.match(`type='signal',sender='${owner}',interface='${interfaces.objectManager}'`, signal);
    const properties = `interface='${interfaces.properties}',path_namespace='/org/bluez'`;
    await bus.match(`type='signal',sender='${owner}',${properties}`, signal);
    await bus.match(`type='signal',sender='${owner}',interface='${interfaces.device}'`, signal);
    const objects = new BluezObjects(bus, owner);
    try {
      await objects.#read(signal);
      return objects;
    } catch (error) {
      objects[Symbol.dispose]();
      throw error;
    }
  }

  get(path: string, name: string): Properties | undefined {
    return this.#objects.get(path)?.get(name);
  }

  /** Paths and properties of the objects that have this interface, in the order of their paths. */
  having(name: string): readonly (readonly [path: string, properties: Properties])[] {
    const found: [string, Properties][] = [];
    for (const [path, all] of this.#objects) {
      const properties = all.get(name);
      if (properties) found.push([path, properties]);
    }
    return found.toSorted(([one], [other]) => (one < other ? -1 : 1));
  }

  observe(listener: (change: Change) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Resolves with what `look` finds, as soon as that is something; looks again at each change. */
  async until<T>(options: WaitOptions, look: () => T | undefined): Promise<T> {
    return await within(options, async (signal) => {
      return await new Promise<T>((resolve) => {
        const attempt = (): void => {
          const found = look();
          if (found === undefined) return;
          subscription[Symbol.dispose]();
          resolve(found);
        };
        const subscription = this.observe(attempt);
        signal.addEventListener('abort', () => subscription[Symbol.dispose](), { once: true });
        attempt();
      });
    });
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#listeners.clear();
    this.#objects.clear();
  }

  async #read(signal?: AbortSignal): Promise<void> {
    const [objects] = await this.#bus.call(
      { path: '/', interface: interfaces.objectManager, member: 'GetManagedObjects' },
      { signal },
    );
    for (const [path, all] of Object.entries(toProperties(objects))) this.#add(path, all);
    // A signal is told as it is received, the answer to a call a moment later: what has changed since would be lost. The
    // signals from before the answer say what it says.
    const early = this.#early?.splice(0) ?? [];
    this.#early = undefined;
    for (const each of early) this.#take(each);
  }

  #take(signal: Message): void {
    const { sender, member, path, interface: from, body } = signal;
    if (sender !== this.#owner) return;
    if (this.#early) {
      this.#early.push(signal);
      return;
    }
    const [first, second, third] = body;
    if (member === 'InterfacesAdded' && typeof first === 'string') this.#add(first, second);
    if (member === 'InterfacesRemoved' && typeof first === 'string') this.#remove(first, textsOf(second));
    if (member === 'PropertiesChanged' && typeof first === 'string') {
      this.#change(path, first, toProperties(second), textsOf(third));
    }
    // BlueZ 5.83 and later say why a link has ended, before they say that it has.
    if (member === 'Disconnected' && from === interfaces.device) {
      this.#change(path, interfaces.device, { DisconnectedReason: textOf(first) }, []);
    }
  }

  #add(path: string, value: unknown): void {
    for (const [name, properties] of Object.entries(toProperties(value))) {
      this.#change(path, name, toProperties(properties), [], true);
    }
  }

  #remove(path: string, names: readonly string[]): void {
    const all = this.#objects.get(path);
    for (const name of names) {
      if (all?.delete(name)) this.#tell({ path, interface: name, changed: undefined });
    }
    if (all?.size === 0) this.#objects.delete(path);
  }

  /** What changes of an object that was never added, or that is gone, does not matter. */
  #change(
    path: string,
    name: string,
    changed: Properties,
    invalidated: readonly string[],
    isNew = false,
  ): void {
    const before = this.get(path, name);
    if (!before && !isNew) return;
    const after = { ...before, ...changed };
    for (const each of invalidated) after[each] = undefined;
    const all = this.#objects.get(path) ?? new Map<string, Properties>();
    this.#objects.set(path, all.set(name, after));
    this.#tell({ path, interface: name, changed });
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
