import { Variant } from '@jellybrick/dbus-next';
import { longUuid } from './long-uuid.ts';
import { ObjectServer, Refusal, type Call } from './object-server.ts';

const ADAPTER = 'org.bluez.Adapter1';
const DEVICE = 'org.bluez.Device1';
const SERVICE = 'org.bluez.GattService1';
const CHARACTERISTIC = 'org.bluez.GattCharacteristic1';

/** A characteristic of a fake device: its UUID and its flags as BlueZ calls them. */
export interface FakeCharacteristic {
  readonly uuid: string;
  readonly flags: readonly string[];
}

export interface FakeDeviceOptions {
  readonly name?: string | undefined;
  readonly adapter?: string;
  readonly manufacturerData?: Readonly<Record<number, Uint8Array>>;
  /** Services by their UUIDs; the serial one of a battery when left out. */
  readonly services?: Readonly<Record<string, readonly FakeCharacteristic[]>>;
  /** It advertises while a discovery runs and it is not connected; true when left out. */
  readonly advertises?: boolean;
  /** What it does with a request, on a link of anybody. */
  readonly received?: (bytes: Uint8Array, device: FakeDevice) => void;
  readonly connected?: (device: FakeDevice) => void;
  readonly disconnected?: (device: FakeDevice) => void;
  /** What the MTU property says; absent when left out, as in old versions. */
  readonly mtu?: number;
}

export interface FakeDevice {
  readonly path: string;
  readonly address: string;
  readonly options: FakeDeviceOptions;
  /** Notifies, as the battery does, whoever has asked for it. */
  notify(bytes: Uint8Array): void;
  /** Ends the link. `reason` is told as BlueZ 5.83 does. */
  drop(reason?: string): void;
  /** Connects without a call: another program has done so, with StartNotify or not. */
  connectByOther(listens: boolean): void;
  /** That program stops listening and stays connected. */
  leaveByOther(): void;
}

const serial = {
  [longUuid('ffe0')]: [{ uuid: longUuid('ffe1'), flags: ['write-without-response', 'write', 'notify'] }],
};

/** Time in ms that bluetoothd takes for a disconnection; shortened from its two seconds. */
const DISCONNECT_TIME = 60;

/**
 * As much of bluetoothd as a central uses, with its habits: discoveries are joined, a disconnection ends the link of
 * everybody and takes a while, services are objects, and whoever leaves the bus keeps its links but not its subscriptions.
 */
export class FakeBluez extends ObjectServer {
  /** Every call, as `Interface.Member`, without `org.bluez.` and the number of the interface. */
  readonly calls: string[] = [];
  readonly #devices = new Map<string, FakeDevice>();
  /** Who wants a discovery, by adapter. */
  readonly #discoveries = new Map<string, Set<string>>();
  /** Who is notified, by characteristic. */
  readonly #listeners = new Map<string, Set<string>>();
  readonly #disconnecting = new Map<string, Promise<void>>();
  readonly #refusals = new Map<string, { error: Refusal; times: number }>();
  readonly #held = new Map<string, Promise<void>>();
  readonly #following = new Map<string, () => void>();
  agent: { readonly sender: string; readonly path: string } | undefined;

  static async start(address: string): Promise<FakeBluez> {
    const bluez = new FakeBluez(address);
    await bluez.start('org.bluez');
    return bluez;
  }

  /** Lets a method fail, once or as often as said. */
  refuse(member: string, name: string, text = '', times = 1): void {
    this.#refusals.set(member, { error: new Refusal(name, text), times });
  }

  /** Lets a method wait until `until` resolves. */
  hold(member: string, until: Promise<void>): void {
    this.#held.set(member, until);
  }

  /** Does this right after the next answer to a method. */
  follow(member: string, action: () => void): void {
    this.#following.set(member, action);
  }

  addAdapter(
    name: string,
    { address = '00:AA:01:00:00:01', powered = true, powerState = 'on' } = {},
  ): string {
    const path = `/org/bluez/${name}`;
    this.add(path, ADAPTER, {
      Address: new Variant('s', address),
      Powered: new Variant('b', powered),
      PowerState: new Variant('s', powerState),
      Discovering: new Variant('b', false),
    });
    return path;
  }

  /** Takes an adapter away with all of its devices, as unplugging it does. */
  removeAdapter(name: string): void {
    const root = `/org/bluez/${name}`;
    for (const path of this.paths().toReversed()) {
      if (path === root || path.startsWith(`${root}/`)) this.remove(path);
    }
  }

  setPowered(name: string, powered: boolean, powerState = powered ? 'on' : 'off'): void {
    this.set(`/org/bluez/${name}`, ADAPTER, {
      Powered: new Variant('b', powered),
      PowerState: new Variant('s', powerState),
    });
  }

  setDiscovering(name: string, discovering: boolean): void {
    this.set(`/org/bluez/${name}`, ADAPTER, { Discovering: new Variant('b', discovering) });
  }

  /** Whether it knows the services of a device that is connected. */
  setResolved(device: FakeDevice, resolved: boolean): void {
    this.set(device.path, DEVICE, { ServicesResolved: new Variant('b', resolved) });
  }

  isDiscovering(name = 'hci0'): boolean {
    return (this.#discoveries.get(`/org/bluez/${name}`)?.size ?? 0) > 0;
  }

  isConnected(device: FakeDevice): boolean {
    return this.get(device.path, DEVICE, 'Connected') === true;
  }

  /** How many programs are notified. */
  listenersOf(device: FakeDevice): number {
    return [...this.#listeners]
      .filter(([path]) => path.startsWith(`${device.path}/`))
      .reduce((sum, [, senders]) => sum + senders.size, 0);
  }

  /** A device that advertises, or, when `cached`, that is only remembered. */
  addDevice(address: string, options: FakeDeviceOptions = {}, { cached = false } = {}): FakeDevice {
    const { adapter = 'hci0' } = options;
    const path = `/org/bluez/${adapter}/dev_${address.replaceAll(':', '_')}`;
    const device: FakeDevice = {
      path,
      address,
      options,
      notify: (bytes) => this.#notify(device, bytes),
      drop: (reason) => this.#drop(device, reason),
      connectByOther: (listens) => {
        if (!this.isConnected(device)) this.#connected(device);
        if (listens) this.#listen(this.#notifyingPath(device), 'another program');
      },
      leaveByOther: () => this.#unlisten(this.#notifyingPath(device), 'another program'),
    };
    this.#devices.set(path, device);
    if (cached || this.isDiscovering(adapter)) this.#appear(device, cached);
    return device;
  }

  /** bluetoothd forgets a device that it has not received for half a minute. */
  forget(device: FakeDevice): void {
    this.#removeServices(device);
    this.remove(device.path);
  }

  /** Another program keeps the notifications to itself. */
  acquire(device: FakeDevice): void {
    this.set(this.#notifyingPath(device), CHARACTERISTIC, { NotifyAcquired: new Variant('b', true) });
  }

  protected async answer(call: Call): Promise<readonly [string, ...unknown[]]> {
    const { interface: of, member } = call;
    this.calls.push(`${of.replace('org.bluez.', '').replace(/1$/, '')}.${member}`);
    await this.#held.get(member);
    const refusal = this.#refusals.get(member);
    if (refusal && refusal.times-- > 0) throw refusal.error;
    const method = this.#methods[member];
    if (!method) throw new Refusal('org.freedesktop.DBus.Error.UnknownMethod', member);
    return (await method(call)) ?? [''];
  }

  protected answered(member: string): void {
    const action = this.#following.get(member);
    this.#following.delete(member);
    action?.();
  }

  protected left(sender: string): void {
    for (const [path, senders] of this.#discoveries) {
      if (senders.delete(sender)) this.#tellDiscovering(path);
    }
    for (const path of this.#listeners.keys()) this.#unlisten(path, sender);
  }

  readonly #methods: Readonly<
    Record<
      string,
      (call: Call) => Promise<readonly [string, ...unknown[]] | void> | readonly [string, ...unknown[]] | void
    >
  > = {
    RegisterAgent: ({ sender, body: [path] }) => void (this.agent = { sender, path: String(path) }),
    SetDiscoveryFilter: () => {},
    StartDiscovery: ({ path, sender }) => {
      const senders = this.#discoveries.get(path) ?? new Set();
      if (senders.has(sender)) throw new Refusal('InProgress', 'Operation already in progress');
      this.#discoveries.set(path, senders.add(sender));
      this.#tellDiscovering(path);
      for (const device of this.#devices.values()) {
        const isThere = device.options.advertises !== false && !this.isConnected(device);
        if (isThere && device.path.startsWith(`${path}/`)) this.#appear(device, false);
      }
    },
    StopDiscovery: ({ path, sender }) => {
      if (!this.#discoveries.get(path)?.delete(sender)) throw new Refusal('Failed', 'No discovery started');
      this.#tellDiscovering(path);
    },
    RemoveDevice: ({ body: [path] }) => {
      const device = this.#device(String(path));
      if (this.isConnected(device)) this.#drop(device);
      this.forget(device);
    },
    Connect: ({ path }) => {
      const device = this.#device(path);
      if (this.isConnected(device)) return;
      if (device.options.advertises === false) throw new Refusal('Failed', 'le-connection-abort-by-local');
      this.#connected(device);
    },
    Disconnect: async ({ path }) => await this.#disconnect(this.#device(path)),
    StartNotify: ({ path, sender }) => {
      if (this.#disconnecting.has(this.#deviceOf(path).path))
        throw new Refusal('NotConnected', 'Not Connected');
      if (this.get(path, CHARACTERISTIC, 'NotifyAcquired') === true) {
        throw new Refusal('NotPermitted', 'Notify acquired');
      }
      this.#listen(path, sender);
    },
    StopNotify: ({ path, sender }) => this.#unlisten(path, sender),
    WriteValue: ({ path, body: [bytes] }) => {
      const device = this.#deviceOf(path);
      if (!this.isConnected(device)) throw new Refusal('NotConnected', 'Not Connected');
      if (bytes instanceof Uint8Array) device.options.received?.(bytes, device);
    },
  };

  #device(path: string): FakeDevice {
    const device = this.#devices.get(path);
    if (device) return device;
    throw new Refusal('org.freedesktop.DBus.Error.UnknownObject', `no object ${path}`);
  }

  #deviceOf(characteristic: string): FakeDevice {
    return this.#device(characteristic.split('/').slice(0, 5).join('/'));
  }

  #tellDiscovering(path: string): void {
    const discovering = (this.#discoveries.get(path)?.size ?? 0) > 0;
    this.set(path, ADAPTER, { Discovering: new Variant('b', discovering) });
  }

  #appear(device: FakeDevice, cached: boolean): void {
    const { path, address, options } = device;
    const rssi = cached ? {} : { RSSI: new Variant('n', -60) };
    if (this.paths().includes(path)) return this.set(path, DEVICE, rssi);
    const { name, adapter = 'hci0', manufacturerData = {} } = options;
    this.add(path, DEVICE, {
      Address: new Variant('s', address),
      Adapter: new Variant('o', `/org/bluez/${adapter}`),
      ...(name !== undefined && { Name: new Variant('s', name) }),
      Connected: new Variant('b', false),
      Paired: new Variant('b', false),
      Trusted: new Variant('b', false),
      ServicesResolved: new Variant('b', false),
      UUIDs: new Variant('as', [longUuid('ffe0')]),
      ManufacturerData: new Variant(
        'a{qv}',
        Object.fromEntries(
          Object.entries(manufacturerData).map(([id, data]) => [id, new Variant('ay', Buffer.from(data))]),
        ),
      ),
      ...rssi,
    });
  }

  #connected(device: FakeDevice): void {
    if (!this.paths().includes(device.path)) this.#appear(device, true);
    this.set(device.path, DEVICE, { Connected: new Variant('b', true) });
    const { services = serial, mtu } = device.options;
    for (const [index, [uuid, characteristics]] of Object.entries(services).entries()) {
      const path = `${device.path}/service00${10 + index}`;
      this.add(path, SERVICE, { UUID: new Variant('s', uuid), Device: new Variant('o', device.path) });
      for (const [number, each] of characteristics.entries()) {
        this.add(`${path}/char00${20 + number}`, CHARACTERISTIC, {
          UUID: new Variant('s', each.uuid),
          Service: new Variant('o', path),
          Flags: new Variant('as', [...each.flags]),
          Notifying: new Variant('b', false),
          ...(mtu !== undefined && { MTU: new Variant('q', mtu) }),
        });
      }
    }
    this.set(device.path, DEVICE, { ServicesResolved: new Variant('b', true) });
    device.options.connected?.(device);
  }

  #drop(device: FakeDevice, reason?: string): void {
    if (!this.isConnected(device)) return;
    if (reason !== undefined)
      this.emit(device.path, DEVICE, 'Disconnected', 'ss', `org.bluez.Reason.${reason}`, '');
    for (const path of this.#listeners.keys()) {
      if (path.startsWith(`${device.path}/`)) this.#listeners.delete(path);
    }
    this.set(device.path, DEVICE, {
      Connected: new Variant('b', false),
      ServicesResolved: new Variant('b', false),
    });
    this.#removeServices(device);
    device.options.disconnected?.(device);
  }

  #removeServices(device: FakeDevice): void {
    for (const path of this.paths().toReversed()) if (path.startsWith(`${device.path}/`)) this.remove(path);
  }

  /** Everybody who asks while it is under way waits for the same. */
  async #disconnect(device: FakeDevice): Promise<void> {
    if (!this.isConnected(device)) return;
    const end = async (): Promise<void> => {
      await new Promise<void>((resolve) => setTimeout(resolve, DISCONNECT_TIME));
      this.#disconnecting.delete(device.path);
      this.#drop(device);
    };
    const ending = this.#disconnecting.get(device.path) ?? end();
    this.#disconnecting.set(device.path, ending);
    await ending;
  }

  #notifyingPath(device: FakeDevice): string {
    const found = this.paths().find((path) => {
      const flags = path.startsWith(`${device.path}/`) ? this.get(path, CHARACTERISTIC, 'Flags') : undefined;
      return Array.isArray(flags) && flags.includes('notify');
    });
    return found ?? '';
  }

  #listen(path: string, sender: string): void {
    this.#listeners.set(path, (this.#listeners.get(path) ?? new Set()).add(sender));
    this.set(path, CHARACTERISTIC, { Notifying: new Variant('b', true) });
  }

  #unlisten(path: string, sender: string): void {
    const senders = this.#listeners.get(path);
    if (!senders?.delete(sender) || senders.size > 0) return;
    this.set(path, CHARACTERISTIC, { Notifying: new Variant('b', false) });
  }

  #notify(device: FakeDevice, bytes: Uint8Array): void {
    const path = this.#notifyingPath(device);
    const times = this.#listeners.get(path)?.size ?? 0;
    for (let time = 0; time < times; time++) {
      this.set(path, CHARACTERISTIC, { Value: new Variant('ay', Buffer.from(bytes)) });
    }
  }
}
