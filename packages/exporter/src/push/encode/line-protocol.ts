import { perSeries, type Sample, type Series } from './sample.ts';

/** What stands before the fields of a line, and the name of the field. */
interface Place {
  readonly lead: string;
  readonly field: string;
}

/**
 * The name of a metric is measurement and field: `cell_voltage` is the field `voltage` of the measurement `cell`, which
 * VictoriaMetrics puts together again. One without `_` has the field `value`, and so has one that ends in `_time`:
 * InfluxDB drops fields of that name.
 */
const placeOf = perSeries(({ name, labels }: Series): Place => {
  const [, measurement = name, field = 'value'] = /^([^_]+)_(?!time$)(.+)$/.exec(name) ?? [];
  const tags = labels.flatMap(([tag, value]) => (value === '' ? [] : `,${escape(tag)}=${escape(value)}`));
  return { lead: `${escape(measurement)}${tags.join('')}`, field: escape(field) };
});

/** A backslash before a comma, a space or the end would escape it, and cannot be escaped itself. */
function escape(text: string): string {
  return text
    .replaceAll('\\', '/')
    .replaceAll('\n', ' ')
    .replace(/[,= ]/g, String.raw`\$&`);
}

/**
 * Samples in the line protocol of InfluxDB, with times in ms. Every field is a floating-point number: a field keeps its
 * type for ever. Series that have ended are left out.
 */
export function lineProtocol(samples: readonly Sample[]): Buffer {
  const lines: string[] = [];
  const open = new Map<string, string>();
  let now = Number.NaN;
  const end = (): void => {
    for (const [lead, fields] of open) lines.push(`${lead} ${fields} ${now}\n`);
    open.clear();
  };
  for (const { series, value, time } of samples) {
    if (time !== now) end();
    now = time;
    if (Number.isNaN(value)) continue;
    const { lead, field } = placeOf(series);
    const before = open.get(lead);
    open.set(lead, before === undefined ? `${field}=${value}` : `${before},${field}=${value}`);
  }
  end();
  return Buffer.from(lines.join(''));
}
