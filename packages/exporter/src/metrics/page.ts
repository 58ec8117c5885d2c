import { Gauge, Registry, type RegistryContentType } from 'prom-client';
import type { Family } from './family.ts';
import { utf8, type Labels } from './lines.ts';
import { addLabels, labelText } from './static-labels.ts';

/** The text formats of Prometheus that a page can have, with their content types. */
export const pageFormats = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openMetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const satisfies Readonly<Record<string, RegistryContentType>>;

export type PageFormat = keyof typeof pageFormats;

/**
 * The families as a page, in UTF-8. One without series is left out.
 * @throws Error when a family has a name that no metric can have, or two have the same.
 */
export function renderPage(
  families: readonly Family[],
  format: PageFormat = 'text',
  labels: Labels = {},
): Buffer {
  const page = new Page(labels);
  page.setContentType(pageFormats[format]);
  for (const family of families) page.add(family);
  return page.bytes();
}

/** A metric of prom-client that has the series of a family, and none of its own. */
class Snapshot extends Gauge {
  readonly family: Family;
  readonly added: Labels;
  /** What prom-client reads of a metric; its declarations do not tell. It takes `_total` from the name of a counter. */
  name: string;
  readonly type: string;

  constructor(family: Family, contentType: RegistryContentType, labels: Labels) {
    super({ name: family.name, help: family.help, registers: [] });
    this.family = family;
    this.added = labels;
    this.name = family.name;
    this.type = typeIn(contentType, family);
  }

  override async get(): ReturnType<Gauge['get']> {
    const values = this.family.lines
      .flatMap((lines) => [...lines.series()])
      .map(({ labels, value }) => ({ labels: { ...this.added, ...labels }, value }));
    return { ...(await super.get()), values };
  }
}

/** A registry for one page. */
export class Page extends Registry<RegistryContentType> {
  readonly #snapshots: Snapshot[] = [];
  readonly #labels: Labels;

  /** @param labels are added to every series */
  constructor(labels: Labels = {}) {
    super();
    this.#labels = labels;
  }

  add(family: Family): void {
    if (family.lines.every(({ text }) => text === '')) return;
    const snapshot = new Snapshot(family, this.contentType, this.#labels);
    this.registerMetric(snapshot);
    this.#snapshots.push(snapshot);
  }

  /**
   * What {@link metrics} resolves with, in UTF-8. That formats labels and values of all series again, and puts them
   * together twice, which takes many times as long.
   */
  bytes(): Buffer {
    const isOpenMetrics = this.contentType === pageFormats.openMetrics;
    const between = isOpenMetrics ? '\n' : '\n\n';
    const labels = labelText(this.#labels);
    const pieces = this.#snapshots.flatMap(({ family, type }, index) => {
      const name = isOpenMetrics && type === 'counter' ? family.name.replace(/_total$/, '') : family.name;
      const head = `# HELP ${name} ${escapeHelp(family.help)}\n# TYPE ${name} ${type}`;
      return [
        utf8(index === 0 ? head : `${between}${head}`),
        ...family.lines.map(({ text }) => addLabels(text, labels)),
      ];
    });
    pieces.push(isOpenMetrics ? '\n# EOF\n' : '\n');
    return bytesOf(pieces);
  }
}

/** Written one by one into one piece of memory: joined before, a large page would be copied twice. */
function bytesOf(pieces: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(pieces.reduce((sum, { length }) => sum + length, 0));
  let length = 0;
  for (const piece of pieces) length += bytes.write(piece, length, 'latin1');
  return bytes;
}

/**
 * In OpenMetrics the name of every counter ends in `_total`. One that does not keeps its name whoever scrapes it, so
 * there its type is not told.
 */
function typeIn(contentType: RegistryContentType, { name, type }: Family): string {
  const isMisnamed = type === 'counter' && !name.endsWith('_total');
  return isMisnamed && contentType === pageFormats.openMetrics ? 'unknown' : type;
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
