/**
 * What Home Assistant 2026.11 takes in a discovery payload of a device, as far as this project uses it. Each rule was
 * seen when a real one refused a payload: the whole, or one entity, with a line in its log alone.
 */

/** Keys at the top of the payload; another one, and the whole payload is refused. */
export const topKeys: ReadonlySet<string> = new Set([
  'device',
  'origin',
  'components',
  'availability',
  'availability_mode',
  'availability_template',
  'availability_topic',
  'payload_available',
  'payload_not_available',
  'command_topic',
  'state_topic',
  'encoding',
  'qos',
]);

/** Keys of the device; another one, and the whole payload is refused. */
export const deviceKeys: ReadonlySet<string> = new Set([
  'identifiers',
  'connections',
  'manufacturer',
  'model',
  'model_id',
  'name',
  'hw_version',
  'sw_version',
  'serial_number',
  'suggested_area',
  'configuration_url',
  'via_device',
]);

export const originKeys: ReadonlySet<string> = new Set(['name', 'sw_version', 'support_url']);

/** Keys of an entity by its platform, besides those of all. Others are ignored there, which hides a typing error. */
export const componentKeys = {
  all: [
    'platform',
    'unique_id',
    'name',
    'device_class',
    'entity_category',
    'enabled_by_default',
    'state_topic',
    'value_template',
    'json_attributes_topic',
    'json_attributes_template',
    'default_entity_id',
    'icon',
    'qos',
  ],
  sensor: ['expire_after', 'unit_of_measurement', 'state_class', 'suggested_display_precision', 'options'],
  binary_sensor: ['expire_after', 'payload_on', 'payload_off', 'off_delay'],
  event: ['event_types'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Units and state classes that a class of sensors goes with; null: without a unit, or without a state class. */
export const sensorClasses: Readonly<
  Record<
    string,
    { readonly units: readonly (string | null)[]; readonly stateClasses: readonly (string | null)[] }
  >
> = {
  voltage: { units: ['V', 'mV', 'kV'], stateClasses: ['measurement', null] },
  current: { units: ['A', 'mA'], stateClasses: ['measurement', null] },
  power: { units: ['W', 'kW', 'mW', 'MW'], stateClasses: ['measurement', null] },
  energy: { units: ['Wh', 'kWh', 'MWh', 'J', 'kJ', 'MJ'], stateClasses: ['total', 'total_increasing'] },
  energy_storage: { units: ['Wh', 'kWh', 'MWh', 'J', 'kJ', 'MJ'], stateClasses: ['measurement', null] },
  battery: { units: ['%'], stateClasses: ['measurement', null] },
  temperature: { units: ['°C', '°F', 'K'], stateClasses: ['measurement', null] },
  duration: {
    units: ['d', 'h', 'min', 's', 'ms'],
    stateClasses: ['measurement', 'total', 'total_increasing', null],
  },
  signal_strength: { units: ['dB', 'dBm'], stateClasses: ['measurement', null] },
  timestamp: { units: [null], stateClasses: [null] },
  enum: { units: [null], stateClasses: [null] },
};

/** Classes of binary sensors that mean what a battery has. */
export const binaryClasses: ReadonlySet<string> = new Set([
  'battery_charging',
  'connectivity',
  'heat',
  'plug',
  'power',
  'problem',
  'running',
]);

/** What an identifier in a topic may have. */
export const discoveryId = /^[a-zA-Z0-9_-]+$/;

/** Longest state of a sensor, and longest name, in characters. */
export const LONGEST = 255;
