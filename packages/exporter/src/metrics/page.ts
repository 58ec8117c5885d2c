import { Gauge, Registry, type RegistryContentType } from 'prom-client';
import type { Family } from './family.ts';

/** The text formats of Prometheus that a page can have, with their content types. */
export const pageFormats = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openMetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const satisfies Readonly<Record<string, RegistryContentType>>;

export type PageFormat = keyof typeof pageFormats;

/**
 * The families as a page. One without series is left out.
 *
 * @throws Error when a family has a name that no metric can have, or two have the same.
 */
export async function renderPage(families: readonly Family[], format: PageFormat = 'text'): Promise<string> {
  const page = new Page();
  page.setContentType(pageFormats[format]);
  for (const family of families) if (family.series.length > 0) page.add(family);
  return await page.metrics();
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

/** A registry for one page. */
class Page extends Registry<RegistryContentType> {
  add(family: Family): void {
    this.registerMetric(new Snapshot(family, typeIn(this.contentType, family)));
  }

  /**
   * The lines of one metric: prom-client asks this of itself. Its own method takes five times as long, because it
   * formats the labels of every series anew; what it returns is the same, which a test asserts.
   */
  async getMetricsAsString({ family, name, type }: Snapshot): Promise<string> {
    const suffix = type === 'counter' && this.contentType === pageFormats.openMetrics ? '_total' : '';
    let lines = `# HELP ${name} ${escapeHelp(family.help)}\n# TYPE ${name} ${type}`;
    for (const { labels, value } of family.series) lines += `\n${name}${suffix}${labels.text} ${value}`;
    return lines;
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

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
