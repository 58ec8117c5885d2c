import { stringify } from 'yaml';
import type { AlertRule, Firing, Scenario, Subject } from './rule.ts';

const generated = ' Made by `ubmsc generate rules` from the tables in packages/exporter/src/monitoring.';

/** File that Prometheus reads as `rule_files`. */
export function renderRules(rules: readonly AlertRule[]): string {
  const groups = [
    {
      name: 'ubmsc',
      rules: rules.map((rule) => ({
        alert: rule.name,
        expr: rule.expression,
        for: rule.for,
        labels: { severity: rule.severity },
        annotations: annotations(rule, templates(rule)),
      })),
    },
  ];
  return yaml({ groups });
}

/** File for `promtool test rules`: each rule fires for what it is made for, and for nothing else. */
export function renderRuleTests(rules: readonly AlertRule[], ruleFile: string): string {
  const scenarios = rules.flatMap((rule) => [
    testOf(rule, rule.fires, [expected(rule, rule.fires)]),
    ...rule.silent.map((scenario) => testOf(rule, scenario, [])),
    ...(rule.overall ? [] : [testOfSites(rule)]),
  ]);
  return yaml({ rule_files: [ruleFile], evaluation_interval: '1m', tests: scenarios });
}

/** Every series of a scenario begins at 0; the alert is looked for when an hour or two of values have passed. */
function testOf(
  { name }: AlertRule,
  { title, series }: Scenario,
  alerts: readonly object[],
  minutes = minutesOf({ series }),
): object {
  const input = Object.entries(series).map(([each, values]) => ({ series: each, values }));
  return {
    name: `${name}: ${title}`,
    interval: '1m',
    input_series: input,
    alert_rule_test: [{ eval_time: `${minutes}m`, alertname: name, exp_alerts: alerts }],
  };
}

/** Of two sites with equal names, the alert is for the one that has the fault. */
function testOfSites(rule: AlertRule): object {
  const { fires, silent } = rule;
  const [sound] = silent;
  const title = `${fires.title}, at one of two sites`;
  const series = { ...atSite('marina-7', fires.series), ...atSite('marina-8', sound?.series ?? {}) };
  const labels = { ...(fires.labels ?? { device: 'house' }), ...labelsOf('marina-7') };
  return testOf(rule, { title, series }, [expected(rule, { ...fires, labels })], minutesOf(fires));
}

const labelsOf = (site: string): Readonly<Record<string, string>> => ({
  job: 'ubmsc',
  instance: `${site}:9889`,
  site,
});

/** The series with the labels of a site. */
function atSite(site: string, series: Scenario['series']): Scenario['series'] {
  return Object.fromEntries(
    Object.entries(series).map(([each, values]) => {
      const [name = '', own = ''] = each.split(/[{}]/);
      const kept = own.split(',').filter((label) => label !== '' && !/^(job|instance|site)=/.test(label));
      const labels = Object.entries(labelsOf(site)).map(([label, value]) => `${label}="${value}"`);
      return [`${name}{${[...kept, ...labels].join(',')}}`, values];
    }),
  );
}

const minutesOf = ({ series }: Pick<Scenario, 'series'>): number =>
  Math.max(...Object.values(series).map(lengthOf));

/** Samples after the first one in the notation of promtool, so minutes until the last one. */
function lengthOf(values: string): number {
  const samples = values.split(' ').map((part) => {
    const [, times] = /x(\d+)$/.exec(part) ?? [];
    if (times === undefined) return 1;
    return part.startsWith('_') ? Number(times) : Number(times) + 1;
  });
  return samples.reduce((sum, each) => sum + each, -1);
}

function expected(
  rule: AlertRule,
  { labels = { device: 'house' }, value = '', detail = '' }: Firing,
): object {
  const { site, instance = '' } = labels;
  const device = `${labels['device'] ?? ''}${site === undefined ? '' : ` at ${site}`}`;
  const place = site ?? instance;
  return {
    exp_labels: { severity: rule.severity, ...labels },
    exp_annotations: annotations(rule, { device, place, value, detail }),
  };
}

function annotations(rule: AlertRule, subject: Subject): Readonly<Record<string, string>> {
  return { summary: rule.summary(subject), description: rule.description };
}

function templates({ decimals = 0, detail = '' }: AlertRule): Subject {
  return {
    device: '{{ $labels.device }}{{ with $labels.site }} at {{ . }}{{ end }}',
    place: '{{ or $labels.site $labels.instance }}',
    value: `{{ printf "%.${decimals}f" $value }}`,
    detail: `{{ $labels.${detail} }}`,
  };
}

function yaml(document: object): string {
  return `#${generated}\n${stringify(document, { lineWidth: 0 })}`;
}
