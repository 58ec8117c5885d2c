import type { Exporter } from '../exporter.ts';
import { pageFormats, type PageFormat } from '../metrics/page.ts';
import { landingPage } from './landing-page.ts';
import { negotiateFormat } from './negotiate.ts';
import { answerProbe, type Probe } from './probe.ts';
import { Quota } from './quota.ts';
import { busy, type Answer, type Request } from './request.ts';

/** What the pages of an exporter show. */
export interface RoutesOptions {
  readonly exporter: Exporter;
  readonly version: string;
  /** Path of the metrics. Where it is `/`, there is no landing page. */
  readonly metricsPath: string;
  /** Reads batteries when they are asked for; nothing is at `/probe` when left out. */
  readonly probe?: Probe | undefined;
  /** More paths, in place of the landing page; undefined for those that it does not have. */
  readonly pages?: ((request: Request) => Promise<Answer | undefined>) | undefined;
}

/** Where the program says that it lives; to everybody. */
export const HEALTHY = '/-/healthy';

/** How many batteries may be read on demand at once, and how many requests for other pages answered. */
const MOST = { probes: 8, pages: 32 };

type Handler = (request: Request) => Answer | Promise<Answer | undefined>;

const notFound: Answer = { status: 404, body: 'Not found.\n' };

/** Answers requests by their paths. */
export function routes(options: RoutesOptions): (request: Request) => Promise<Answer> {
  const { exporter, metricsPath, probe, pages } = options;
  const pageNow = pageOfTheMoment(exporter);
  const probes = new Quota(MOST.probes);
  const otherPages = new Quota(MOST.pages);
  const handlers = new Map<string, Handler>([
    [pages ? '/-/' : '/', () => landing(options)],
    [HEALTHY, () => ({ status: 200, body: 'ubmsc is healthy.\n' })],
    ['/-/ready', () => ready(exporter)],
    ...(probe
      ? [
          [
            '/probe',
            async (request: Request) =>
              (await probes.run(async () => await answerProbe(request, exporter, probe))) ?? busy,
          ] as const,
        ]
      : []),
    [metricsPath, (request) => metrics(pageNow, request)],
  ]);
  const others =
    pages &&
    (async (request: Request) =>
      (await otherPages.run(async () => (await pages(request)) ?? notFound)) ?? busy);
  return async (request) => {
    const handler = handlers.get(request.path) ?? others;
    if (!handler) return notFound;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return { status: 405, headers: { Allow: 'GET, HEAD' }, body: 'Only GET and HEAD are allowed here.\n' };
    }
    return (await handler(request)) ?? notFound;
  };
}

/** Makes pages. Those who ask in the same turn of the event loop get the same one: many cost no more than one. */
function pageOfTheMoment(exporter: Exporter): (format: PageFormat) => Buffer {
  // Not a Map: one that is cleared keeps what was in it until the whole heap is collected, which megabytes bring about often.
  let made: Partial<Record<PageFormat, Buffer>> | undefined;
  return (format) => {
    if (!made) {
      made = {};
      setImmediate(() => (made = undefined));
    }
    return (made[format] ??= exporter.page(format));
  };
}

/** A page of metrics in the format that the client likes best. */
function metrics(pageNow: (format: PageFormat) => Buffer, { headers }: Request): Answer {
  const format = negotiateFormat(headers.accept);
  return {
    status: 200,
    headers: { 'Content-Type': pageFormats[format], Vary: 'Accept, Accept-Encoding' },
    body: pageNow(format),
  };
}

/** Ready once of every device a reading has come, or the reason is known why none has. */
function ready({ source }: Exporter): Answer {
  const awaited = source.statuses.filter(({ reading, reason }) => !reading && !reason).length;
  if (awaited === 0) return { status: 200, body: 'ubmsc is ready.\n' };
  return { status: 503, body: `ubmsc is not ready: ${awaited} devices have not answered yet.\n` };
}

function landing({ exporter, version, metricsPath, probe }: RoutesOptions): Answer {
  const { statuses } = exporter.source;
  const simulated = statuses.some((status) => status.simulated) ? ', SIMULATED' : '';
  const links = [
    { href: metricsPath, text: 'Metrics' },
    { href: '/-/healthy', text: 'Healthy' },
    { href: '/-/ready', text: 'Ready' },
    ...(probe?.targets ?? []).map((target) => ({
      href: `/probe?target=${encodeURIComponent(target)}`,
      text: `Read ${target} now`,
    })),
  ];
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'X-Frame-Options': 'deny',
    },
    body: landingPage(version, `${statuses.length} watched${simulated}`, links),
  };
}
