import { alarms, measurements, snakeCase, type Measurement } from '@ubmsc/protocol';
import type { State, Value } from '../state/values.ts';
import { byUnit, columns, entityGroups, type EntityColumns } from './columns.ts';

/** An entity as it stands in the discovery payload; the keys are those of Home Assistant. */
export type Component = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Entities by the keys that they have in the payload. */
export type Components = Readonly<Record<string, Component>>;

/** The entities of a battery whose values are these; a value that is null has none. `expireAfter` is in seconds. */
export function entitiesOf(state: State, expireAfter: number): Components {
  const components: Record<string, Component> = {};
  const add = (key: string, component: Component): void => {
    const expires = component['platform'] === 'event' ? {} : { expire_after: expireAfter };
    components[key] = { ...component, ...expires };
  };
  for (const group of entityGroups) {
    for (const [name, row] of Object.entries<Measurement>(measurements[group])) {
      const own = Object.entries(columns[group]).find(([key]) => key === name)?.[1];
      const key = snakeCase(name);
      const value = state[key] ?? null;
      if (own === null) continue;
      const all = { ...(row.unit && byUnit[row.unit]), ...own };
      if (row.per) {
        for (const index of placesOf(value)) {
          const path = `value_json.${key}[${index}]`;
          add(`${key}_${index + 1}`, sensor(`${row.label} ${index + 1}`, path, row, all));
        }
      } else if (value !== null || (all.empty !== undefined && Object.hasOwn(state, key))) {
        const path = `value_json.${key}`;
        add(key, row.kind === 'state' ? switched(row.label, path, all) : sensor(row.label, path, row, all));
      }
    }
  }
  if (Array.isArray(state['alarms'])) addAlarms(add);
  add('doubt', {
    platform: 'sensor',
    name: 'Doubt about the reading',
    entity_category: 'diagnostic',
    value_template: "{{ value_json.doubt or 'none' }}",
  });
  for (const [key, component] of Object.entries(others)) {
    if ((state[key] ?? null) !== null) add(key, component);
  }
  return components;
}

/** Entities that are not measurements. */
const others: Components = {
  last_boot: hidden('sensor', 'Last boot', 'value_json.last_boot', { device_class: 'timestamp' }),
  time: hidden('sensor', 'Last seen', 'value_json.time', { device_class: 'timestamp' }),
  rssi: hidden('sensor', 'Signal strength', 'value_json.rssi', {
    device_class: 'signal_strength',
    unit_of_measurement: 'dBm',
    state_class: 'measurement',
  }),
};

function addAlarms(add: (key: string, component: Component) => void): void {
  add('alarm', {
    platform: 'binary_sensor',
    name: 'Alarm',
    device_class: 'problem',
    entity_category: 'diagnostic',
    ...truth('value_json.alarm'),
    json_attributes_template: `{{ {'alarms': value_json.alarms} | tojson }}`,
  });
  for (const name of Object.keys(alarms)) {
    const key = snakeCase(name);
    add(`alarm_${key}`, {
      ...hidden('binary_sensor', `Alarm ${key.replaceAll('_', ' ')}`, '', { device_class: 'problem' }),
      ...truth(`none if value_json.alarms is none else '${key}' in value_json.alarms`),
    });
  }
  add('event', {
    platform: 'event',
    name: 'Alarm event',
    event_types: Object.keys(alarms).flatMap((name) => [snakeCase(name), `${snakeCase(name)}_ended`]),
  });
}

function sensor(label: string, path: string, row: Measurement, all: EntityColumns): Component {
  const isNumber = row.kind !== 'text';
  const stateClass = all.stateClass ?? (row.kind === 'counter' ? 'total_increasing' : 'measurement');
  const { plus, factor, precision, empty } = all;
  // Arithmetic with none is an error, and then the old value stays.
  const computed =
    plus !== undefined
      ? `none if ${path} is none else ${path} + ${plus}`
      : factor !== undefined
        ? `none if ${path} is none else (${path} * ${factor}) | round(${precision ?? 0})`
        : empty !== undefined
          ? `(${path} or '${empty}')[:255]`
          : path;
  return {
    platform: 'sensor',
    name: all.main ? null : label,
    ...(all.deviceClass !== undefined && { device_class: all.deviceClass }),
    ...(all.options && { device_class: 'enum', options: all.options }),
    ...(all.unit !== undefined && { unit_of_measurement: all.unit }),
    ...(isNumber && { state_class: stateClass, suggested_display_precision: precision ?? 0 }),
    ...(all.diagnostic && { entity_category: 'diagnostic' }),
    ...(all.off && { enabled_by_default: false }),
    value_template: `{{ ${computed} }}`,
  };
}

function switched(label: string, path: string, all: EntityColumns): Component {
  return {
    platform: 'binary_sensor',
    name: label,
    ...(all.deviceClass !== undefined && { device_class: all.deviceClass }),
    ...truth(path),
  };
}

/** True, false and none as Jinja writes them: none becomes unknown, where `'ON' if x else 'OFF'` would make it off. */
function truth(expression: string): Component {
  return { value_template: `{{ ${expression} }}`, payload_on: 'True', payload_off: 'False' };
}

function hidden(platform: string, name: string, path: string, more: Component): Component {
  return {
    platform,
    name,
    entity_category: 'diagnostic',
    enabled_by_default: false,
    value_template: `{{ ${path} }}`,
    ...more,
  };
}

/** The places of a list that have a value. */
function placesOf(value: Value): readonly number[] {
  return Array.isArray(value) ? [...value.keys()].filter((index) => value[index] !== null) : [];
}
