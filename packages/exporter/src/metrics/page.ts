import { Gauge, Registry, type RegistryContentType } from 'prom-client';
import type { Family, Series } from './family.ts';

/** The text formats of Prometheus that a page can have, with their content types. */
export const pageFormats = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openMetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const satisfies Readonly<Record<string, RegistryContentType>>;

export type PageFormat = keyof typeof pageFormats;

/**
 * The families as a page, in UTF-8. One without series is left out. What `written` remembers of an earlier page is taken from
 * there where nothing of it has changed.
 *
 * @throws Error when a family has a name that no metric can have, or two have the same.
 */
export async function renderPage(
  families: readonly Family[],
  format: PageFormat = 'text',
  written = new WrittenFamilies(),
): Promise<Buffer> {
  const page = new Page(written);
  page.setContentType(pageFormats[format]);
  for (const family of families) if (family.series.length > 0) page.add(family);
  return Buffer.from(await page.metrics(), 'latin1');
}

/** A metric of prom-client that has the series of a family, and none of its own. */
export class Snapshot extends Gauge {
  readonly family: Family;
  /** What prom-client reads of a metric; its declarations do not tell. It takes `_total` from the name of a counter. */
  name: string;
  readonly type: string;

  constructor(family: Family, type: string) {
    super({ name: family.name, help: family.help, registers: [] });
    this.family = family;
    this.name = family.name;
    this.type = type;
  }

  override async get(): ReturnType<Gauge['get']> {
    const values = this.family.series.map(({ labels, value }) => ({ labels: { ...labels.values }, value }));
    return { ...(await super.get()), values };
  }
}

/** What was written of families. Most of what is told of a battery stays the same from one page to the next. */
export class WrittenFamilies {
  readonly #families = new Map<string, { readonly series: readonly Series[]; readonly text: string }>();

  /** What was written under this key of just these series, or what `write` makes of them. */
  text(key: string, series: readonly Series[], write: () => string): string {
    const before = this.#families.get(key);
    if (before && areSame(before.series, series)) return before.text;
    const text = write();
    this.#families.set(key, { series, text });
    return text;
  }
}

function areSame(some: readonly Series[], others: readonly Series[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index++) {
    if (some[index]?.value !== others[index]?.value) return false;
    if (some[index]?.labels !== others[index]?.labels) return false;
  }
  return true;
}

/** A registry for one page. */
class Page extends Registry<RegistryContentType> {
  readonly #written: WrittenFamilies;

  constructor(written: WrittenFamilies) {
    super();
    this.#written = written;
  }

  add(family: Family): void {
    this.registerMetric(new Snapshot(family, typeIn(this.contentType, family)));
  }

  /**
   * The lines of one metric, as {@link utf8}: prom-client asks this of itself. Its own method takes five times as long,
   * because it formats the labels of every series anew; what comes of it is the same, which a test asserts.
   */
  async getMetricsAsString({ family, name, type }: Snapshot): Promise<string> {
    const { help, series } = family;
    const isSuffixed = type === 'counter' && this.contentType === pageFormats.openMetrics;
    const own = isSuffixed ? `${name}_total` : name;
    return this.#written.text(`${own} ${type}`, series, () => {
      const lines = [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`];
      for (const { labels, value } of series) lines.push(labels.lead(own) + value);
      return utf8(lines.join('\n'));
    });
  }
}

/**
 * In OpenMetrics the name of every counter ends in `_total`. One that does not keeps its name whoever scrapes it, so
 * there its type is not told.
 */
export function typeIn(contentType: RegistryContentType, { name, type }: Family): string {
  const isMisnamed = type === 'counter' && !name.endsWith('_total');
  return isMisnamed && contentType === pageFormats.openMetrics ? 'unknown' : type;
}

/**
 * Text as the bytes of its UTF-8, one character each. A single character beyond Latin-1, as in the help of some metrics,
 * would make each character of the whole page take two bytes, and joining and sending it twice as long.
 */
function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
