import { measurements, type Measurement } from '@ubmsc/protocol';
import type { MetricNames } from './metric-names.ts';
import { layOut, type Meaning, type Panel, type Row } from './panel.ts';

type Measured = keyof typeof measurements.cellData;

const isMeasured = (name: string): name is Measured => Object.hasOwn(measurements.cellData, name);

/** Units of measurements in Grafana's words. */
const units: Readonly<Record<NonNullable<Measurement['unit']>, string>> = {
  V: 'volt',
  A: 'amp',
  W: 'watt',
  Ω: 'ohm',
  '°C': 'celsius',
  '%': 'percent',
  'A·h': 'amph',
  kWh: 'kwatth',
  s: 's',
};

const onOff: readonly Meaning[] = [
  { value: 0, text: 'off', colour: 'text' },
  { value: 1, text: 'on', colour: 'green' },
];

const active: readonly Meaning[] = [
  { value: 0, text: 'no', colour: 'transparent' },
  { value: 1, text: 'active', colour: 'red' },
];

const live: readonly Meaning[] = [
  { value: 0, text: 'gone', colour: 'red' },
  { value: 1, text: 'live', colour: 'green' },
];

/** The exporters that were chosen. A label that there is not is empty, and matches as well. */
const PLACE = 'job=~"$job",instance=~"$instance",site=~"$site"';

/** The batteries that were chosen: two sites may have some of one name. */
const CHOSEN = `${PLACE},device=~"$device"`;

/** Of panels that show what has gone wrong. */
const EMPTY = 'Empty while all is well.';

/** The rows of the dashboard. Titles, units and descriptions of measurements are those of their table. */
export function dashboardRows(m: MetricNames): readonly Row[] {
  const shown = new Set<Measured>();
  /** One measurement of each battery; cells and probes count from 0. */
  const measured = (name: Measured, panel: Partial<Panel> = {}): Panel => {
    shown.add(name);
    const { label, unit, help, per }: Measurement = measurements.cellData[name];
    return {
      title: label,
      description: help,
      type: 'timeseries',
      ...(unit && { unit: units[unit] }),
      queries: [
        { expression: `${m(name)}{${CHOSEN}}`, legend: `${per ? `${per} {{cell}}` : label} {{site}}` },
      ],
      ...panel,
    };
  };
  /** Several measurements of one unit in one panel. */
  const together = (
    title: string,
    [first, ...others]: readonly [Measured, ...Measured[]],
    panel: Partial<Panel> = {},
  ): Panel => {
    const panels = [first, ...others].map((name) => measured(name));
    return {
      ...measured(first),
      title,
      description: panels.map(({ description }) => description).join('. '),
      queries: panels.flatMap(({ queries }) => queries),
      ...panel,
    };
  };
  const number = (name: Measured, panel: Partial<Panel> = {}): Panel =>
    measured(name, { type: 'stat', width: 4, height: 4, ...panel });

  /** What no panel above shows: a new measurement needs none of its own. */
  const others = (): readonly Panel[] =>
    Object.entries<Measurement>(measurements.cellData).flatMap(([name, { kind }]) => {
      if (!isMeasured(name) || shown.has(name) || kind === 'text' || kind === 'alarms') return [];
      if (kind === 'state') return [measured(name, { type: 'state-timeline', meanings: onOff })];
      return [measured(name, { type: 'stat', width: 3, height: 4 })];
    });

  return [
    {
      title: 'All batteries',
      panels: [
        {
          title: 'Batteries',
          type: 'state-timeline',
          width: 12,
          height: 6,
          meanings: live,
          queries: [{ expression: `${m('up')}{${CHOSEN}}`, legend: '{{device}} {{site}}' }],
        },
        measured('remainPercent', {
          type: 'bargauge',
          width: 6,
          height: 6,
          min: 0,
          max: 100,
          queries: [{ expression: `${m('remainPercent')}{${CHOSEN}}`, legend: '{{device}} {{site}}' }],
        }),
        measured('batteryPower', {
          title: 'Power of all',
          width: 6,
          height: 6,
          queries: [
            { expression: `sum by (site) (${m('batteryPower')}{${CHOSEN}})`, legend: 'all {{site}}' },
          ],
        }),
      ],
    },
    {
      title: '$device',
      repeated: true,
      panels: [
        measured('remainPercent', { type: 'gauge', width: 4, height: 4, min: 0, max: 100 }),
        number('batteryVoltage', { decimals: 2 }),
        number('batteryCurrent', { decimals: 2 }),
        number('batteryPower', { decimals: 0 }),
        number('remainCapacity', { decimals: 1 }),
        number('stateOfHealth'),
        measured('cellVoltage', { title: 'Cell voltages', width: 12, decimals: 3 }),
        measured('cellVoltage', { title: 'Cell voltages now', type: 'bargauge', width: 12, decimals: 3 }),
        together(
          'Lowest, mean and highest cell',
          ['lowestCellVoltage', 'averageCellVoltage', 'highestCellVoltage'],
          { decimals: 3 },
        ),
        measured('deltaCellVoltage', { decimals: 3 }),
        together('Number of the lowest and of the highest cell', ['lowestCell', 'highestCell']),
        measured('batteryCurrent', { title: 'Current' }),
        measured('batteryPower', { title: 'Power' }),
        measured('batteryVoltage', { title: 'Voltage' }),
        measured('remainPercent', { title: 'State of charge', min: 0, max: 100 }),
        together('Capacity', ['remainCapacity', 'nominalCapacity']),
        together('Temperatures', ['batteryTemperature', 'mosfetTemperature']),
        measured('cellResistance', { title: 'Cell wire resistances', decimals: 4 }),
        together('Balancing and heating', ['balanceCurrent', 'heatingCurrent']),
        together('Switches', ['chargeMosfet', 'dischargeMosfet', 'balancing', 'heating', 'chargerPlugged'], {
          type: 'state-timeline',
          meanings: onOff,
        }),
        {
          title: 'Alarms',
          description: `Alarms and notices that were active in the time shown. ${EMPTY}`,
          type: 'state-timeline',
          width: 12,
          meanings: active,
          queries: [
            {
              expression: `${m('alarms')}{${CHOSEN}} and (max_over_time(${m('alarms')}{${CHOSEN}}[$__range] @ end()) == 1)`,
              legend: '{{alarm}} {{site}}',
            },
          ],
        },
        together('Cycles', ['cycleCount'], { type: 'stat', width: 3, height: 4 }),
        together('Cycled capacity', ['cycleCapacity'], { type: 'stat', width: 3, height: 4 }),
        measured('upTime', { type: 'stat', width: 3, height: 4 }),
        measured('emergencyTime', { type: 'stat', width: 3, height: 4 }),
        ...others(),
      ],
    },
    {
      title: 'Links',
      panels: [
        {
          title: 'Records',
          description: 'Records that were accepted, per second',
          type: 'timeseries',
          unit: 'cps',
          queries: [
            {
              expression: `rate(${m('frames')}{${CHOSEN}}[$__rate_interval])`,
              legend: '{{device}} {{site}}',
            },
          ],
        },
        {
          title: 'Damaged records',
          description: 'Share of the records with a wrong checksum',
          type: 'timeseries',
          unit: 'percentunit',
          min: 0,
          queries: [
            {
              expression: `rate(${m('checksumErrors')}{${CHOSEN}}[$__rate_interval]) / (rate(${m('checksumErrors')}{${CHOSEN}}[$__rate_interval]) + rate(${m('frames')}{${CHOSEN}}[$__rate_interval]))`,
              legend: '{{device}} {{site}}',
            },
          ],
        },
        {
          title: 'Links that were lost',
          description: `Links that were lost or could not be made, by reason. ${EMPTY}`,
          type: 'timeseries',
          decimals: 0,
          queries: [
            {
              expression: `increase(${m('losses')}{${CHOSEN}}[$__rate_interval]) > 0`,
              legend: '{{device}} {{site}}: {{reason}}',
            },
          ],
        },
        {
          title: 'Signal',
          description: 'Received signal strength of each device',
          type: 'timeseries',
          unit: 'dBm',
          queries: [{ expression: `${m('rssi')}{${CHOSEN}}`, legend: '{{device}} {{site}}' }],
        },
        {
          title: 'Age of the latest reading',
          type: 'timeseries',
          unit: 's',
          min: 0,
          queries: [{ expression: `${m('readingAge')}{${CHOSEN}}`, legend: '{{device}} {{site}}' }],
        },
        {
          title: 'Pushing',
          description: 'Samples per second that the endpoint took, that were given up, and that wait',
          type: 'timeseries',
          queries: [
            {
              expression: `rate(${m('pushSent')}{${PLACE}}[$__rate_interval])`,
              legend: 'sent {{site}} {{target}}',
            },
            {
              expression: `sum without (reason) (rate(${m('pushDropped')}{${PLACE}}[$__rate_interval]))`,
              legend: 'given up {{site}} {{target}}',
            },
            { expression: `${m('pushQueue')}{${PLACE}}`, legend: 'waiting {{site}} {{target}}' },
          ],
        },
        {
          title: 'Age of the oldest sample that waits',
          description: 'How long the oldest sample has waited to be pushed; 0 when none waits',
          type: 'timeseries',
          unit: 's',
          min: 0,
          queries: [{ expression: `${m('pushOldestAge')}{${PLACE}}`, legend: '{{site}} {{target}}' }],
        },
        {
          title: 'Why samples wait',
          description: `What keeps samples from being pushed, such as a password that is refused. ${EMPTY}`,
          type: 'state-timeline',
          meanings: active,
          queries: [
            { expression: `${m('pushHeld')}{${PLACE}} == 1`, legend: '{{reason}} {{site}} {{target}}' },
          ],
        },
        {
          title: 'Sites',
          description: 'Exporters that are scraped or push',
          type: 'state-timeline',
          meanings: live,
          queries: [{ expression: `${m('heartbeat')}{${PLACE}}`, legend: '{{site}} {{instance}}' }],
        },
      ],
    },
  ];
}

/** A choice at the top of the page: all, or some values of a label. */
function variable(name: string, label: string, query: string): object {
  return {
    name,
    label,
    type: 'query',
    datasource: { type: 'prometheus', uid: '${datasource}' },
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    // Without a site the label is not there.
    allValue: name === 'device' ? undefined : '.*',
    current: { text: ['All'], value: ['$__all'] },
  };
}

/** The dashboard as Grafana imports it. */
export function renderDashboard(m: MetricNames): string {
  const dashboard = {
    uid: 'ubmsc',
    title: 'JK batteries',
    description: 'Batteries that ubmsc reads. Made by `ubmsc generate dashboard`.',
    tags: ['ubmsc', 'battery'],
    schemaVersion: 38,
    editable: true,
    refresh: '30s',
    time: { from: 'now-24h', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [
        {
          name: 'datasource',
          label: 'Data source',
          type: 'datasource',
          query: 'prometheus',
          current: {},
          hide: 0,
        },
        variable('job', 'Job', `label_values(${m('up')}, job)`),
        variable('instance', 'Instance', `label_values(${m('up')}{job=~"$job"}, instance)`),
        variable('site', 'Site', `label_values(${m('up')}{job=~"$job",instance=~"$instance"}, site)`),
        variable('device', 'Battery', `label_values(${m('up')}{${PLACE}}, device)`),
      ],
    },
    annotations: { list: [] },
    panels: layOut(dashboardRows(m)),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
