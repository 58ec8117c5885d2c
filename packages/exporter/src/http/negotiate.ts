import { pageFormats, type PageFormat } from '../metrics/page.ts';

/** One range of an Accept or Accept-Encoding header (RFC 9110, section 12.4.2). */
interface Preference {
  readonly value: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** From 0, never, to 1. */
  readonly quality: number;
}

function preferences(header: string): readonly Preference[] {
  return header
    .toLowerCase()
    .split(',')
    .map((range) => {
      const [value = '', ...pairs] = range.split(';').map((part) => part.trim());
      const { q, ...parameters } = Object.fromEntries(
        pairs.map((pair): [string, string] => {
          const [name = '', text = ''] = pair.split('=').map((part) => part.trim());
          return [name, text.replace(/^"(.*)"$/, '$1')];
        }),
      );
      const quality = q === undefined ? 1 : Number(q);
      return { value, parameters, quality: quality >= 0 && quality <= 1 ? quality : 0 };
    });
}

/** How exactly a range names the type: 0 when it does not. */
function fit(range: Preference, type: string, version: string): number {
  const asked = range.parameters['version'];
  if (range.value === type) return asked === undefined ? 3 : asked === version ? 4 : 0;
  if (range.value === `${type.split('/')[0]}/*`) return 2;
  return range.value === '*/*' ? 1 : 0;
}

const offered = Object.entries(pageFormats).map(([format, contentType]) => {
  const [, type = '', version = ''] = /^(\S+); version=([\d.]+)/.exec(contentType) ?? [];
  return { format, type, version };
});

/**
 * The format that a client likes best (RFC 9110, section 12.5.1). A client that names none of ours gets text, as from
 * other exporters: every one of them reads it.
 */
export function negotiateFormat(accept: string | undefined): PageFormat {
  const ranges = preferences(accept ?? '*/*');
  let best: PageFormat = 'text';
  let bestQuality = 0;
  for (const { format, type, version } of offered) {
    const fitting = ranges
      .map((range) => ({ range, exactness: fit(range, type, version) }))
      .filter(({ exactness }) => exactness > 0);
    const exactness = Math.max(0, ...fitting.map((each) => each.exactness));
    const qualities = fitting
      .filter((each) => each.exactness === exactness)
      .map(({ range }) => range.quality);
    const quality = Math.max(0, ...qualities);
    if (quality > bestQuality && isFormat(format)) [best, bestQuality] = [format, quality];
  }
  return best;
}

/** Whether a client takes gzip (RFC 9110, section 12.5.3). */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const ranges = preferences(acceptEncoding ?? '');
  const range = ranges.find(({ value }) => value === 'gzip') ?? ranges.find(({ value }) => value === '*');
  return (range?.quality ?? 0) > 0;
}

function isFormat(format: string): format is PageFormat {
  return Object.hasOwn(pageFormats, format);
}
