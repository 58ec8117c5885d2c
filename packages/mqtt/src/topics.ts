import type { BatteryId } from './identity.ts';

/** Every topic that is published or read; `prefix` is `ubmsc` unless it was changed. */
export interface Topics {
  /** `online` or `offline`: whether this run is there. It is the will. */
  readonly host: (host: string) => string;
  /** `online` while readings of the battery are fresh, `offline` otherwise. */
  readonly status: (id: BatteryId) => string;
  /** The values, as JSON; never retained. */
  readonly state: (id: BatteryId) => string;
  /** What the battery is and who reads it, as JSON. */
  readonly info: (id: BatteryId) => string;
  /** Alarms that begin and end, as JSON; never retained. */
  readonly event: (id: BatteryId) => string;
  /** What the device writes down from now on, as JSON; never retained. */
  readonly logbook: (id: BatteryId) => string;
  /** How the device is set, as JSON without secrets. */
  readonly settings: (id: BatteryId) => string;
  /** The values as Venus OS wants them. */
  readonly venus: (id: BatteryId) => string;
  /** The discovery payload of a device of Home Assistant. */
  readonly discovery: (device: string) => string;
  /** `online` when Home Assistant has started. */
  readonly homeAssistant: string;
  /** All {@link status}, as a filter. */
  readonly allStatus: string;
  /** All {@link info}, as a filter. */
  readonly allInfo: string;
}

export function topicsWith(prefix: string, discoveryPrefix: string): Topics {
  const of = (id: BatteryId, leaf: string): string => `${prefix}/${id}/${leaf}`;
  return {
    host: (host) => `${prefix}/host/${host}/status`,
    status: (id) => of(id, 'status'),
    state: (id) => of(id, 'state'),
    info: (id) => of(id, 'info'),
    event: (id) => of(id, 'event'),
    logbook: (id) => of(id, 'logbook'),
    settings: (id) => of(id, 'settings'),
    venus: (id) => of(id, 'venus'),
    discovery: (device) => `${discoveryPrefix}/device/${device}/config`,
    homeAssistant: `${discoveryPrefix}/status`,
    allStatus: `${prefix}/+/status`,
    allInfo: `${prefix}/+/info`,
  };
}
