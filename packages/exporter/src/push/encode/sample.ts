/** One value of one series at one time. */
export interface Sample {
  /** As the text format has it: `cell_voltage{device="house",cell="0"}`. */
  readonly series: string;
  /** NaN says that the series has ended: a staleness marker. */
  readonly value: number;
  /** In milliseconds since 1970-01-01 UTC. */
  readonly time: number;
}

/** The name of a metric and its labels. */
export interface Series {
  readonly name: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
}

/** What stands for the value of a series that has ended. */
export const STALE = 'stale';

/**
 * The samples of a page in the text format. Those that have a time keep it; the others get `time`. Comments, and lines
 * that are not samples, are left out.
 */
export function samplesOf(text: string, time: number): Sample[] {
  const samples: Sample[] = [];
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (end === start || text.charCodeAt(start) === 35) continue;
    // Values of labels may hold spaces and braces, so the series ends at the last brace.
    const brace = text.lastIndexOf('}', end - 1);
    const space = brace > start ? brace + 1 : text.indexOf(' ', start);
    if (space < 0 || space >= end) continue;
    const [value = '', own] = text.slice(space + 1, end).split(' ');
    const number = value === STALE ? Number.NaN : Number(value);
    if (value === '' || (Number.isNaN(number) && value !== STALE)) continue;
    samples.push({
      series: text.slice(start, space),
      value: number,
      time: own === undefined ? time : Number(own),
    });
  }
  return samples;
}

/** Name and labels of a series in the text format. */
export function parseSeries(text: string): Series {
  const brace = text.indexOf('{');
  if (brace < 0) return { name: text, labels: [] };
  const pairs = text.slice(brace).matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g);
  return {
    name: text.slice(0, brace),
    labels: Array.from(pairs, ([, name = '', value = '']) => [name, unescape(value)] as const),
  };
}

function unescape(value: string): string {
  return value.includes('\\')
    ? value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    : value;
}

/** Remembers what was made of each series: they are the same on every page. Beyond `most` it starts again. */
export function perSeries<T>(make: (series: Series) => T, most = 50_000): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const before = made.get(text);
    if (before !== undefined) return before;
    if (made.size >= most) made.clear();
    const value = make(parseSeries(text));
    made.set(text, value);
    return value;
  };
}
