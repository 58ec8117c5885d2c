import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { labelText } from '../../metrics/static-labels.ts';
import { STALE } from '../encode/sample.ts';

const compress = promisify(gzip);

/** Which samples of a page are pushed, and what is added to them. */
export interface CollectorOptions {
  /** Makes a page in the text format, in UTF-8. */
  readonly page: () => Buffer;
  /** Names of metrics, with `*` for anything: those that are pushed, all when left out; and those that are not. */
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
  /** Are added to every series. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Whether comments stay: help and type. */
  readonly keepsComments: boolean;
  /** Whether a series that is no longer on a page is said to have ended. */
  readonly marksEnd: boolean;
}

/** A page to be pushed, compressed. */
export interface Collected {
  /** How many values there are. What says that a series has ended is not one. */
  readonly samples: number;
  readonly body: Buffer;
}

/** Makes what is pushed from pages. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #labels: string;
  readonly #allowed: (name: string) => boolean;
  #before: ReadonlySet<string> = new Set();

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#labels = labelText(options.labels ?? {});
    const allow = options.allow?.map(pattern);
    const deny = options.deny?.map(pattern) ?? [];
    this.#allowed = (name) =>
      (allow === undefined || allow.some((each) => each.test(name))) && !deny.some((each) => each.test(name));
  }

  async collect(): Promise<Collected> {
    return await this.#collected(String(this.#options.page()));
  }

  /** All series have ended; undefined where that cannot be said. */
  async end(): Promise<Collected | undefined> {
    if (this.#before.size === 0) return undefined;
    return await this.#collected('');
  }

  async #collected(page: string): Promise<Collected> {
    const { keepsComments, marksEnd } = this.#options;
    const lines: string[] = [];
    const series = new Set<string>();
    for (const line of page.split('\n')) {
      if (line.startsWith('#') && keepsComments) lines.push(line);
      if (line === '' || line.startsWith('#')) continue;
      const end = line.lastIndexOf(' ');
      const name = /^[^{ ]+/.exec(line)?.[0] ?? '';
      if (!this.#allowed(name)) continue;
      const labelled = this.#labelled(name, line.slice(name.length, end));
      series.add(labelled);
      lines.push(`${labelled}${line.slice(end)}`);
    }
    const samples = series.size;
    if (marksEnd) {
      for (const ended of this.#before) if (!series.has(ended)) lines.push(`${ended} ${STALE}`);
      this.#before = series;
    }
    return { samples, body: await compress(`${lines.join('\n')}\n`) };
  }

  #labelled(name: string, labels: string): string {
    if (this.#labels === '') return `${name}${labels}`;
    return labels === '' ? `${name}{${this.#labels}}` : `${name}${labels.slice(0, -1)},${this.#labels}}`;
  }
}

function pattern(text: string): RegExp {
  return new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[^\w:]/g, String.raw`\$&`))
      .join('.*')}$`,
  );
}
