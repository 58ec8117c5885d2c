/** One metric of a page in the Prometheus text format. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly series: readonly Series[];
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const unescape = (text: string): string =>
  text.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));

function parseSeries(line: string, name: string): Series {
  const match = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\S+)$/.exec(
    line,
  );
  if (match?.[1] !== name) throw new SyntaxError(`not a series of ${name}: ${line}`);
  const pairs = (match[2] ?? '').matchAll(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"/g);
  const labels = Object.fromEntries([...pairs].map(([, label = '', value = '']) => [label, unescape(value)]));
  return { labels, value: Number(match[3]) };
}

/** Parses what the text format allows and this project prints: every metric has help and type. */
export function parseMetrics(page: string): Family[] {
  return page
    .trim()
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const [help = '', type = '', ...lines] = block.split('\n');
      const [, name = '', text = ''] = /^# HELP (\S+) (.*)$/.exec(help) ?? [];
      const [, typed, kind = ''] = /^# TYPE (\S+) (gauge|counter)$/.exec(type) ?? [];
      if (name === '' || typed !== name) throw new SyntaxError(`no help or type: ${help} ${type}`);
      return { name, help: unescape(text), type: kind, series: lines.map((line) => parseSeries(line, name)) };
    });
}

/** Values of the page by their series, as `cell_voltage{device="house",cell="0"}`. */
export function valuesOf(page: string): ReadonlyMap<string, number> {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}
