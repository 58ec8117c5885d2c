import {
  binaryClasses,
  componentKeys,
  deviceKeys,
  discoveryId,
  LONGEST,
  originKeys,
  sensorClasses,
  topKeys,
} from './rules.ts';

type Table = Readonly<Record<string, unknown>>;

/**
 * What a real Home Assistant would refuse, ignore or warn about in a discovery payload of a device, published on
 * `topic`; one line each, none for a payload that it takes.
 */
export function discoveryProblems(topic: string, payload: string): readonly string[] {
  const [, id = ''] = /^[^/]+(?:\/[^/]+)*\/device\/([^/]+)\/config$/.exec(topic) ?? [];
  const problems = discoveryId.test(id)
    ? []
    : [`topic ${topic}: the id has other characters than a-z, 0-9, _ and -`];
  const value: unknown = JSON.parse(payload);
  if (!isTable(value)) return [...problems, 'it is not an object'];
  return [
    ...problems,
    ...unknownKeys('payload', value, topKeys),
    ...deviceProblems(value['device']),
    ...originProblems(value['origin']),
    ...availabilityProblems(value['availability']),
    ...componentsProblems(value),
  ];
}

function deviceProblems(device: unknown): string[] {
  if (!isTable(device)) return ['device is missing'];
  const { identifiers, connections } = device;
  const isKnown = isFilled(identifiers) || isFilled(connections);
  const pairs = Array.isArray(connections) ? connections : [];
  return [
    ...unknownKeys('device', device, deviceKeys),
    ...(isKnown ? [] : ['device has neither identifiers nor connections']),
    ...(pairs.every((pair) => Array.isArray(pair) && pair.length === 2) ? [] : ['connections are not pairs']),
    ...Object.entries(device).flatMap(([key, text]) =>
      typeof text === 'string' && (text === '' || text.length > LONGEST)
        ? [`device ${key} is empty or too long`]
        : [],
    ),
  ];
}

function originProblems(origin: unknown): string[] {
  if (!isTable(origin) || typeof origin['name'] !== 'string') return ['origin has no name'];
  return unknownKeys('origin', origin, originKeys);
}

function availabilityProblems(availability: unknown): string[] {
  if (availability === undefined) return ['there is no availability: old values would stay for ever'];
  if (!Array.isArray(availability)) return ['availability is not a list'];
  return availability.every((each) => isTable(each) && isTopic(each['topic']))
    ? []
    : ['availability without a topic'];
}

function componentsProblems({ components, state_topic: topic }: Table): string[] {
  if (!isTable(components) || Object.keys(components).length === 0) return ['there are no components'];
  const ids = new Set<unknown>();
  return Object.entries(components).flatMap(([key, component]) => {
    if (!isTable(component)) return [`${key} is not an object`];
    // By its platform alone a component is taken away.
    if (Object.keys(component).length === 1 && 'platform' in component) return [];
    const problems = componentProblems(component, topic);
    if (ids.has(component['unique_id'])) problems.push('its unique_id is that of another');
    ids.add(component['unique_id']);
    return problems.map((problem) => `${key}: ${problem}`);
  });
}

function componentProblems(component: Table, topic: unknown): string[] {
  const { platform, unique_id: id, name, entity_category: category } = component;
  if (platform !== 'sensor' && platform !== 'binary_sensor' && platform !== 'event') {
    return [`platform ${nameOf(platform)} is not used here`];
  }
  const keys = new Set<string>([...componentKeys.all, ...componentKeys[platform]]);
  const of = { sensor: sensorProblems, binary_sensor: binaryProblems, event: eventProblems }[platform];
  return [
    ...unknownKeys('it', component, keys),
    ...(typeof id === 'string' && id !== '' ? [] : ['it has no unique_id']),
    ...(name === null || (typeof name === 'string' && name !== '') ? [] : ['it has no name']),
    ...(category === undefined || category === 'diagnostic'
      ? []
      : [`entity_category ${nameOf(category)} is refused`]),
    ...(isTopic(component['state_topic'] ?? topic) ? [] : ['it has no state_topic']),
    ...(platform === 'event' || Number.isInteger(component['expire_after'])
      ? []
      : ['without expire_after its value stays when host and broker die together']),
    ...of(component),
  ];
}

function sensorProblems(component: Table): string[] {
  const {
    device_class: type,
    unit_of_measurement: unit = null,
    state_class: stateClass = null,
    options,
  } = component;
  const problems: string[] = [];
  if (options !== undefined && (type !== 'enum' || !isFilled(options)))
    problems.push('options without class enum');
  if (type === 'enum' && !isFilled(options)) problems.push('class enum without options');
  if (type === undefined) return problems;
  const row = sensorClasses[nameOf(type)];
  if (!row) return [...problems, `there is no class ${nameOf(type)}`];
  if (!row.units.some((each) => each === unit))
    problems.push(`unit ${nameOf(unit)} does not go with class ${nameOf(type)}`);
  if (!row.stateClasses.some((each) => each === stateClass)) {
    problems.push(`state class ${nameOf(stateClass)} does not go with class ${nameOf(type)}`);
  }
  return problems;
}

function binaryProblems({
  device_class: type,
  value_template: template,
  payload_on: on,
  payload_off: off,
}: Table): string[] {
  const isKnown = type === undefined || binaryClasses.has(nameOf(type));
  const isTruth = template === undefined || (on === 'True' && off === 'False');
  return [
    ...(isKnown ? [] : [`there is no class ${nameOf(type)}`]),
    ...(isTruth ? [] : ['a template gives True, False or None, and the payloads are others']),
    ...(/if .* else 'OFF'/i.test(nameOf(template)) ? ['null becomes off'] : []),
  ];
}

function eventProblems({ event_types: types }: Table): string[] {
  return isFilled(types) ? [] : ['it has no event_types'];
}

function unknownKeys(where: string, value: Table, known: ReadonlySet<string>): string[] {
  return Object.keys(value).flatMap((key) => (known.has(key) ? [] : [`${where} has the unknown key ${key}`]));
}

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFilled = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

const isTopic = (value: unknown): boolean => typeof value === 'string' && /^[^+#\0]+$/.test(value);

const nameOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify({ value }));
