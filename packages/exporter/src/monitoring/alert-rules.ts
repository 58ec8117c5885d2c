import { alarms, snakeCase } from '@ubmsc/protocol';
import type { CellLimits } from './limits.ts';
import type { MetricNames } from './metric-names.ts';
import type { AlertRule } from './rule.ts';

/** Alarms that demand nothing: being full is one of them. */
const notices = Object.entries(alarms).flatMap(([name, { severity }]) =>
  severity === 'notice' ? [snakeCase(name)] : [],
);

/** How long what has ended is missed: a series that was there within this time. */
const MISSED = '[7d:15m]';

/** What is worth waking somebody for, or worth a look: one row each. `m` are the names of the metrics. */
export function alertRules(m: MetricNames, limits: CellLimits): readonly AlertRule[] {
  const house = (name: string, labels = ''): string => `${name}{device="house"${labels && `,${labels}`}}`;
  return [
    {
      name: 'UbmscBatteryGone',
      expression: `${m('up')} == 0`,
      for: '5m',
      severity: 'critical',
      summary: ({ device }) => `nothing is received from ${device}`,
      description:
        'No reading has come from the battery: it is off, out of range, or held by another program or a phone. Nobody watches its cells.',
      fires: { title: 'a battery whose link is lost', series: { [house(m('up'))]: '1x10 0x50' } },
      silent: [
        { title: 'a battery that is read', series: { [house(m('up'))]: '1x60' } },
        { title: 'a battery that has been away for four minutes', series: { [house(m('up'))]: '1x50 0x4' } },
      ],
    },
    {
      name: 'UbmscReadingsStale',
      expression: `avg_over_time(${m('up')}[15m]) < 0.9 and ${m('up')} == 1`,
      for: '5m',
      severity: 'warning',
      decimals: 1,
      summary: ({ device, value }) =>
        `readings of ${device} were fresh for only ${value} of the last 15 minutes`,
      description:
        'The battery falls silent again and again. It is at the edge of the range, or another program takes it from time to time.',
      fires: {
        title: 'a battery that is silent for one minute in three',
        series: { [house(m('up'))]: '1 1 0 1 1 0 1 1 0 1 1 0 1 1 0 1 1 0 1 1 0 1 1 1 1 1 1 1' },
        value: '0.8',
      },
      silent: [{ title: 'a battery that is read', series: { [house(m('up'))]: '1x60' } }],
    },
    {
      name: 'UbmscExporterGone',
      expression: `present_over_time(${m('up')}${MISSED}) unless ${m('up')}`,
      for: '5m',
      severity: 'critical',
      summary: ({ device }) => `nothing is known of ${device}`,
      description:
        'The exporter no longer tells of the battery: it does not run, cannot be reached, or the battery was taken from its configuration. A week later this alert ends by itself.',
      fires: { title: 'an exporter that ended two hours ago', series: { [house(m('up'))]: '1x30 _x120' } },
      silent: [
        { title: 'an exporter that runs', series: { [house(m('up'))]: '1x150' } },
        { title: 'a battery that is gone while the exporter runs', series: { [house(m('up'))]: '0x60' } },
      ],
    },
    {
      name: 'UbmscSiteSilent',
      expression: `present_over_time(${m('heartbeat')}${MISSED}) unless ${m('heartbeat')}`,
      for: '15m',
      severity: 'critical',
      summary: ({ place }) => `nothing comes from ${place}`,
      description:
        'The exporter there, which is scraped or pushes, does not run, has no power or no network. Nobody watches its batteries. Samples that it pushes later fill the gap. A week later this alert ends by itself.',
      fires: {
        title: 'a site that pushed and went dark two hours ago',
        series: { [m('heartbeat')]: '1x30 _x120' },
        labels: {},
      },
      silent: [{ title: 'a site that pushes', series: { [m('heartbeat')]: '1x150' } }],
    },
    {
      name: 'UbmscScrapeFails',
      expression: 'up{job=~"ubmsc.*"} == 0',
      for: '5m',
      severity: 'critical',
      summary: ({ place }) => `the exporter at ${place} cannot be scraped`,
      description:
        'It does not run, cannot be reached, or refuses the password. The page Targets of Prometheus shows why.',
      fires: {
        title: 'an exporter that does not answer',
        series: { 'up{job="ubmsc",instance="pi:9889"}': '1x10 0x50' },
        labels: { job: 'ubmsc', instance: 'pi:9889' },
      },
      silent: [
        { title: 'an exporter that answers', series: { 'up{job="ubmsc",instance="pi:9889"}': '1x60' } },
        { title: 'a target of something else', series: { 'up{job="node",instance="pi:9100"}': '0x60' } },
      ],
    },
    {
      name: 'UbmscNothingKnown',
      expression: `absent(${m('heartbeat')})`,
      for: '15m',
      severity: 'critical',
      overall: true,
      summary: () => 'no exporter of batteries is known',
      description:
        'None is scraped, and none pushes. The job in Prometheus is missing, the rules are on the wrong server, or all sites are gone.',
      fires: { title: 'a server to which nothing comes', series: { 'vector{a="b"}': '1x60' }, labels: {} },
      silent: [{ title: 'a site that pushes', series: { [m('heartbeat')]: '1x60' } }],
    },
    {
      name: 'UbmscRestartRequired',
      expression: `${m('configRestart')} == 1`,
      for: '1h',
      severity: 'warning',
      summary: ({ place }) => `the exporter at ${place} is to be started again`,
      description:
        'Its configuration was read again, and has changes that need a restart. Its log names them.',
      fires: {
        title: 'a change that needs a restart',
        series: { [m('configRestart')]: '0x10 1x120' },
        labels: {},
      },
      silent: [{ title: 'a reload that was enough', series: { [m('configRestart')]: '0x130' } }],
    },
    {
      name: 'UbmscCellSpreadHigh',
      expression:
        `${m('deltaCellVoltage')} > ${limits.spread}` +
        ` and abs(${m('batteryCurrent')}) < 0.05 * ${m('nominalCapacity')}` +
        ` and ${m('highestCellVoltage')} < ${limits.flatBelow}`,
      for: '15m',
      severity: 'warning',
      decimals: 3,
      summary: ({ device, value }) => `cells of ${device} are ${value} V apart at rest`,
      description:
        'At rest and away from full, equal cells have equal voltages. One is weak, or the battery was not balanced for long. Let it charge slowly to the end; if the spread stays, measure the cells.',
      fires: {
        title: 'a resting battery with a weak cell',
        series: {
          [house(m('deltaCellVoltage'))]: `${2 * limits.spread}x60`,
          [house(m('batteryCurrent'))]: '-1x60',
          [house(m('nominalCapacity'))]: '100x60',
          [house(m('highestCellVoltage'))]: `${limits.flatBelow - 0.1}x60`,
        },
        value: (2 * limits.spread).toFixed(3),
      },
      silent: [
        {
          title: 'cells that a high current pulls apart',
          series: {
            [house(m('deltaCellVoltage'))]: `${2 * limits.spread}x60`,
            [house(m('batteryCurrent'))]: '-50x60',
            [house(m('nominalCapacity'))]: '100x60',
            [house(m('highestCellVoltage'))]: `${limits.flatBelow - 0.1}x60`,
          },
        },
        {
          title: 'cells that are nearly full',
          series: {
            [house(m('deltaCellVoltage'))]: `${2 * limits.spread}x60`,
            [house(m('batteryCurrent'))]: '1x60',
            [house(m('nominalCapacity'))]: '100x60',
            [house(m('highestCellVoltage'))]: `${limits.flatBelow + 0.05}x60`,
          },
        },
      ],
    },
    {
      name: 'UbmscCellVoltageLow',
      expression: `${m('lowestCellVoltage')} < ${limits.low}`,
      for: '2m',
      severity: 'critical',
      decimals: 3,
      summary: ({ device, value }) => `a cell of ${device} is down to ${value} V`,
      description: 'The battery is nearly empty, or one cell is. Take off the load or charge.',
      fires: {
        title: 'a cell that is empty',
        series: { [house(m('lowestCellVoltage'))]: `${limits.low + 0.1}x20 ${limits.low - 0.1}x40` },
        value: (limits.low - 0.1).toFixed(3),
      },
      silent: [
        { title: 'cells with charge', series: { [house(m('lowestCellVoltage'))]: `${limits.low + 0.1}x60` } },
        {
          title: 'a dip when a motor starts',
          series: { [house(m('lowestCellVoltage'))]: `${limits.low + 0.1}x59 ${limits.low - 0.1}` },
        },
      ],
    },
    {
      name: 'UbmscCellVoltageHigh',
      expression: `${m('highestCellVoltage')} > ${limits.high}`,
      for: '2m',
      severity: 'critical',
      decimals: 3,
      summary: ({ device, value }) => `a cell of ${device} is up at ${value} V`,
      description:
        'A cell is over-charged and the battery still takes charge, or cannot stop. Switch off the charger.',
      fires: {
        title: 'a cell that is over-charged',
        series: { [house(m('highestCellVoltage'))]: `${limits.high + 0.05}x60` },
        value: (limits.high + 0.05).toFixed(3),
      },
      silent: [
        {
          title: 'a battery that is full',
          series: { [house(m('highestCellVoltage'))]: `${limits.high}x60` },
        },
      ],
    },
    {
      name: 'UbmscMosfetHot',
      expression: `${m('mosfetTemperature')} > 75`,
      for: '5m',
      severity: 'warning',
      summary: ({ device, value }) => `MOSFETs of ${device} are at ${value} °C`,
      description:
        'The battery management system switches off at about 90 °C. Lower the current, or cool it; look for a loose screw at its terminals.',
      fires: {
        title: 'MOSFETs under too much load',
        series: { [house(m('mosfetTemperature'))]: '82x60' },
        value: '82',
      },
      silent: [{ title: 'warm MOSFETs', series: { [house(m('mosfetTemperature'))]: '60x60' } }],
    },
    {
      name: 'UbmscBatteryHot',
      expression: `max without (cell) (${m('batteryTemperature')}) > ${limits.hot}`,
      for: '10m',
      severity: 'warning',
      summary: ({ device, value }) => `${device} is at ${value} °C`,
      description:
        'Heat ages cells and can be the beginning of worse. Lower the current, and look at the battery.',
      fires: {
        title: 'one hot probe of two',
        series: {
          [house(m('batteryTemperature'), 'cell="0"')]: '25x60',
          [house(m('batteryTemperature'), 'cell="1"')]: `${limits.hot + 5}x60`,
        },
        value: String(limits.hot + 5),
      },
      silent: [{ title: 'a summer day', series: { [house(m('batteryTemperature'), 'cell="0"')]: '38x60' } }],
    },
    {
      name: 'UbmscChargingFrozen',
      expression: `min without (cell) (${m('batteryTemperature')}) < ${limits.chargeAbove} and ${m('batteryCurrent')} > 1`,
      for: '2m',
      severity: 'critical',
      summary: ({ device, value }) => `${device} is charged at ${value} °C`,
      description: 'Charging cold cells damages them for good. Switch off the charger until they are warm.',
      fires: {
        title: 'charging below the limit',
        series: {
          [house(m('batteryTemperature'), 'cell="0"')]: `${limits.chargeAbove - 4}x60`,
          [house(m('batteryCurrent'))]: '10x60',
        },
        value: String(limits.chargeAbove - 4),
      },
      silent: [
        {
          title: 'discharging in the cold',
          series: {
            [house(m('batteryTemperature'), 'cell="0"')]: `${limits.chargeAbove - 4}x60`,
            [house(m('batteryCurrent'))]: '-10x60',
          },
        },
        {
          title: 'charging in the warm',
          series: {
            [house(m('batteryTemperature'), 'cell="0"')]: `${limits.chargeAbove + 5}x60`,
            [house(m('batteryCurrent'))]: '10x60',
          },
        },
      ],
    },
    {
      name: 'UbmscAlarm',
      expression: `${m('alarms')}{alarm!~"${notices.join('|')}"} == 1`,
      for: '1m',
      severity: 'critical',
      detail: 'alarm',
      summary: ({ device, detail }) => `${device} has the alarm ${detail}`,
      description:
        'The battery protects itself: it may have switched off. `ubmsc events` shows what it has written down.',
      fires: {
        title: 'an alarm of the battery',
        series: {
          [house(m('alarms'), 'alarm="cell_under_voltage"')]: '0x30 1x30',
          [house(m('alarms'), 'alarm="cell_over_voltage"')]: '0x60',
        },
        detail: 'cell_under_voltage',
        labels: { device: 'house', alarm: 'cell_under_voltage' },
      },
      silent: [
        {
          title: 'notices',
          series: Object.fromEntries(
            notices.map((notice) => [house(m('alarms'), `alarm="${notice}"`), '1x60']),
          ),
        },
      ],
    },
    {
      name: 'UbmscEmptyInFourHours',
      expression: `predict_linear(${m('remainCapacity')}[1h], 4 * 3600) < 0 and ${m('batteryCurrent')} < 0`,
      for: '15m',
      severity: 'warning',
      summary: ({ device }) => `${device} will be empty within four hours`,
      description: 'It goes on as in the last hour. Take off load, or start the generator.',
      fires: {
        title: 'a battery that loses an eighth of its charge each hour from a half',
        series: { [house(m('remainCapacity'))]: '50-0.25x120', [house(m('batteryCurrent'))]: '-15x120' },
      },
      silent: [
        {
          title: 'a battery that lasts',
          series: { [house(m('remainCapacity'))]: '90-0.1x120', [house(m('batteryCurrent'))]: '-6x120' },
        },
        {
          title: 'a battery that is charged again',
          series: {
            [house(m('remainCapacity'))]: '50-0.25x60 35+0.1x60',
            [house(m('batteryCurrent'))]: '-15x60 6x60',
          },
        },
      ],
    },
    {
      name: 'UbmscChecksumErrors',
      expression:
        `rate(${m('checksumErrors')}[10m])` +
        ` / (rate(${m('checksumErrors')}[10m]) + rate(${m('frames')}[10m])) > 0.1`,
      for: '15m',
      severity: 'warning',
      decimals: 2,
      summary: ({ device, value }) => `${value} of the records of ${device} are damaged`,
      description:
        'The radio is disturbed or at its limit. Bring the antenna nearer, or away from the inverter.',
      fires: {
        title: 'a quarter of the records damaged',
        series: { [house(m('checksumErrors'))]: '0+30x60', [house(m('frames'))]: '0+90x60' },
        value: '0.25',
      },
      silent: [
        {
          title: 'one record in a hundred damaged',
          series: { [house(m('checksumErrors'))]: '0+1x60', [house(m('frames'))]: '0+120x60' },
        },
        {
          title: 'no records at all',
          series: { [house(m('checksumErrors'))]: '5x60', [house(m('frames'))]: '100x60' },
        },
      ],
    },
    {
      name: 'UbmscLinkFlapping',
      expression: `sum without (reason) (increase(${m('losses')}[1h])) > 5`,
      for: '10m',
      severity: 'warning',
      summary: ({ device, value }) => `the link to ${device} was lost ${value} times within an hour`,
      description:
        'The battery is at the edge of the range, or another program takes it from time to time. The exporter’s metrics tell the reasons.',
      fires: {
        title: 'a link that is lost every five minutes',
        series: { [house(m('losses'), 'reason="supervision_timeout"')]: '0+0.2x120' },
        value: '12',
      },
      silent: [
        {
          title: 'a link that was lost twice',
          series: { [house(m('losses'), 'reason="supervision_timeout"')]: '0x60 2x60' },
        },
      ],
    },
    {
      name: 'UbmscPushDropping',
      expression: `sum without (reason) (increase(${m('pushDropped')}[15m])) > 0`,
      for: '0m',
      severity: 'warning',
      summary: ({ value }) => `${value} samples were given up in 15 minutes instead of pushed`,
      description:
        'The endpoint refuses them, or was away for longer than the buffer lasts. The log of ubmsc tells the reason.',
      fires: {
        title: 'samples that are refused',
        series: { [`${m('pushDropped')}{reason="refused"}`]: '0+10x60' },
        value: '150',
        labels: {},
      },
      silent: [
        {
          title: 'samples that were given up an hour ago',
          series: { [`${m('pushDropped')}{reason="refused"}`]: '0 50x60' },
        },
      ],
    },
    {
      name: 'UbmscPushWaiting',
      expression: `time() - ${m('pushQueueOldest')} > 1800`,
      for: '5m',
      severity: 'warning',
      summary: ({ value }) => `samples have waited for ${value} s to be pushed`,
      description:
        'The endpoint cannot be reached. Samples are kept while the buffer lasts, and delivered when it returns.',
      fires: {
        title: 'an endpoint that is away',
        series: { [m('pushQueueOldest')]: '0x60' },
        value: '3600',
        labels: {},
      },
      silent: [{ title: 'samples that wait for a minute', series: { [m('pushQueueOldest')]: '0+60x60' } }],
    },
    {
      name: 'UbmscConfigNotReloaded',
      expression: `${m('configReload')} == 0`,
      for: '1m',
      severity: 'warning',
      summary: () => 'the configuration that was read last is not in force',
      description: 'It is not valid, so the one before stays. `ubmsc --check-config` tells what is wrong.',
      fires: {
        title: 'a configuration that is not valid',
        series: { [m('configReload')]: '1x10 0x10' },
        labels: {},
      },
      silent: [{ title: 'a configuration that is valid', series: { [m('configReload')]: '1x20' } }],
    },
  ];
}
