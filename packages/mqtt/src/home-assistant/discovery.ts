import { sanitize } from '@ubmsc/base';
import type { BatteryStatus } from '@ubmsc/session';
import type { BatteryId } from '../identity.ts';
import type { Topics } from '../topics.ts';
import type { Component, Components } from './entities.ts';

/** Longest name of a device, in characters. */
const LONGEST_NAME = 64;

export interface DiscoveryOptions {
  readonly topics: Topics;
  readonly host: string;
  readonly version: string;
  readonly expireAfter: number;
}

export interface BatteryDiscovery extends DiscoveryOptions {
  readonly id: BatteryId;
  readonly status: BatteryStatus;
  readonly components: Components;
  /** Entities that are there no more, with their platforms: Home Assistant drops them when it is told so once. */
  readonly removed?: Readonly<Record<string, string>>;
}

/** The payload that makes a battery a device of Home Assistant, with all its entities. */
export function batteryDiscovery(options: BatteryDiscovery): object {
  const { id, status, topics, host, components, removed = {} } = options;
  const { deviceInfo, address, simulated, bank } = status;
  const version = (value: string | null | undefined, key: string): object =>
    value ? { [key]: text(value) } : {};
  return {
    device: {
      identifiers: [`ubmsc_${id}`],
      // The same device that other Bluetooth integrations know.
      ...(isMac(address) && !simulated && { connections: [['bluetooth', address]] }),
      name: deviceName(status),
      ...(!bank && { manufacturer: 'JiKong' }),
      ...(!bank && { model: `${text(deviceInfo?.deviceModel || 'BMS')}${simulated ? ' (simulated)' : ''}` }),
      ...(bank && { model: 'Bank of batteries' }),
      ...version(deviceInfo?.hardwareVersion, 'hw_version'),
      ...version(deviceInfo?.softwareVersion, 'sw_version'),
      via_device: hostDevice(host),
    },
    ...origin(options),
    availability: [{ topic: topics.host(host) }, { topic: topics.status(id) }],
    availability_mode: 'all',
    state_topic: topics.state(id),
    qos: 0,
    components: {
      ...Object.fromEntries(
        Object.entries(components).map(([key, component]) => [key, withTopics(key, component, options)]),
      ),
      ...Object.fromEntries(Object.entries(removed).map(([key, platform]) => [key, { platform }])),
    },
  };
}

/** The payload that makes this run a device: whether it is there. */
export function hostDiscovery(options: DiscoveryOptions): object {
  const { topics, host, expireAfter } = options;
  return {
    device: {
      identifiers: [hostDevice(host)],
      name: `ubmsc ${host}`,
      model: 'ubmsc',
      sw_version: options.version,
    },
    ...origin(options),
    availability: [{ topic: topics.host(host) }],
    state_topic: topics.host(host),
    qos: 1,
    components: {
      connected: {
        platform: 'binary_sensor',
        unique_id: `${hostDevice(host)}_connected`,
        name: 'Connected',
        device_class: 'connectivity',
        entity_category: 'diagnostic',
        payload_on: 'online',
        payload_off: 'offline',
        expire_after: expireAfter,
      },
    },
  };
}

/** Identifier of the device that stands for this run. */
export function hostDevice(host: string): string {
  return `ubmsc_host_${host}`;
}

/** Alias where there is one; else the advertised name with the end of the address, since packs share names. */
export function deviceName({ device, name, address, bank }: BatteryStatus): string {
  if (bank) return text(device);
  const isAlias = device !== name && device.toLowerCase() !== address?.toLowerCase();
  if (isAlias) return text(device);
  const end = (address ?? '').replaceAll(/[^0-9a-z]/gi, '').slice(-4);
  return text(`${name || 'JK BMS'} ${end}`.trim());
}

function withTopics(key: string, component: Component, { id, topics }: BatteryDiscovery): Component {
  return {
    ...component,
    unique_id: `ubmsc_${id}_${key}`,
    ...(component['platform'] === 'event' && {
      state_topic: key === 'logbook' ? topics.logbook(id) : topics.event(id),
    }),
    ...(component['json_attributes_template'] !== undefined && { json_attributes_topic: topics.state(id) }),
  };
}

function origin({ version }: DiscoveryOptions): object {
  return { origin: { name: 'ubmsc', sw_version: version } };
}

/** Devices are not trusted: what they are called is made safe, and cut. */
function text(value: string): string {
  return Array.from(sanitize(value)).slice(0, LONGEST_NAME).join('');
}

const isMac = (address: string | undefined): address is string =>
  address !== undefined && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(address);
