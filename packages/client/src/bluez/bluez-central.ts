import { setMaxListeners } from 'node:events';
import { adapterError } from '../central/adapter-problems.ts';
import type { Central, CentralHealth, ConnectOptions, LinkTarget, Sighting } from '../central/central.ts';
import { PairingAgent } from './agent.ts';
import { serviceError } from './bluez-errors.ts';
import {
  chooseAdapter,
  isPowered,
  whyNotPowered,
  type ChosenAdapter,
  type WantedAdapter,
} from './choose-adapter.ts';
import { Discovery } from './discovery.ts';
import { findBluetoothd, SERVICE } from './find-bluetoothd.ts';
import { LinkMaker } from './link-maker.ts';
import { interfaces } from './names.ts';
import { BluezObjects, type Change } from './objects.ts';
import { isAdvertisement, toSighting } from './sighting.ts';
import { SystemBus } from './system-bus.ts';

/** The central role by bluetoothd, which shares the adapter among all programs of the machine. */
export class BluezCentral implements Central {
  /** bluetoothd waits with a connection while an active discovery of ours goes on. */
  readonly capabilities = { scansWhileConnecting: false, reportsOnce: true };
  readonly adapter: ChosenAdapter;
  readonly #bus: SystemBus;
  readonly #objects: BluezObjects;
  readonly #gone = new AbortController();
  readonly #links: LinkMaker;
  #health: CentralHealth = 'sound';

  private constructor(
    bus: SystemBus,
    owner: string,
    objects: BluezObjects,
    adapter: ChosenAdapter,
    agent: PairingAgent,
  ) {
    this.#bus = bus;
    this.#objects = objects;
    this.adapter = adapter;
    setMaxListeners(0, this.#gone.signal); // each link listens to it
    const place = { bus, objects, adapter: adapter.path, title: this.title, gone: this.gone };
    this.#links = new LinkMaker(place, agent, (health) => (this.#health = health));
    objects.observe((change) => this.#watchAdapter(change));
    bus.gone.addEventListener('abort', () => this.#gone.abort(bus.gone.reason), { once: true });
    bus.observe(({ member, body: [name, before] }) => {
      if (member !== 'NameOwnerChanged' || name !== SERVICE || before !== owner) return;
      this.#gone.abort(adapterError(this.title, 'bluetoothdOff'));
    });
  }

  /** Rejects with an AdapterError when bluetoothd or the adapter cannot be used. */
  static async open(wanted: WantedAdapter, title: string, signal?: AbortSignal): Promise<BluezCentral> {
    const bus = await SystemBus.open(signal);
    try {
      await bus.match(
        `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${SERVICE}'`,
        signal,
      );
      const owner = await findBluetoothd(bus, signal);
      const objects = await BluezObjects.read(bus, owner, signal);
      const agent = new PairingAgent(bus, owner);
      await agent.register(signal);
      // Without a pause before its changes are watched.
      const adapter = chooseAdapter(objects, wanted, title);
      return new BluezCentral(bus, owner, objects, adapter, agent);
    } catch (error) {
      bus[Symbol.dispose]();
      signal?.throwIfAborted();
      throw serviceError(error, title);
    }
  }

  get title(): string {
    return `bluez:${this.adapter.name}`;
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get health(): CentralHealth {
    return this.#health;
  }

  /**
   * Devices that are connected are sighted, too, though they do not advertise: their link can be shared. What bluetoothd
   * only remembers is not.
   */
  async scan(sighted: (sighting: Sighting) => void, signal?: AbortSignal): Promise<AsyncDisposable> {
    const tell = (path: string): void => {
      const device = this.#deviceAt(path);
      const sighting = device && toSighting(device);
      if (sighting) sighted(sighting);
    };
    const subscription = this.#objects.observe(({ path, interface: name, changed }) => {
      if (
        name === interfaces.device &&
        changed &&
        (isAdvertisement(changed) || changed['Connected'] === true)
      )
        tell(path);
    });
    try {
      const discovery = await Discovery.start(this.#links.place, signal);
      for (const [path, { Connected }] of this.#objects.having(interfaces.device)) {
        if (Connected === true) tell(path);
      }
      return {
        [Symbol.asyncDispose]: async () => {
          subscription[Symbol.dispose]();
          await discovery[Symbol.asyncDispose]();
        },
      };
    } catch (error) {
      subscription[Symbol.dispose]();
      throw error;
    }
  }

  async connect(target: LinkTarget, options: ConnectOptions = {}) {
    return await this.#links.connect(target, options);
  }

  async close(reason: Error): Promise<void> {
    this.#gone.abort(reason);
    this.#objects[Symbol.dispose]();
    this.#bus[Symbol.dispose]();
  }

  #deviceAt(path: string) {
    const device = this.#objects.get(path, interfaces.device);
    return device?.['Adapter'] === this.adapter.path ? device : undefined;
  }

  #watchAdapter({ path, interface: name, changed }: Change): void {
    if (path !== this.adapter.path || name !== interfaces.adapter) return;
    const adapter = changed && this.#objects.get(path, name);
    if (!adapter) this.#gone.abort(adapterError(this.title, 'absent'));
    else if (!isPowered(adapter)) {
      this.#gone.abort(adapterError(this.title, whyNotPowered(adapter, this.adapter.name)));
    }
  }
}
