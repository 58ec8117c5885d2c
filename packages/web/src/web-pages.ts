import { UsageError } from '@ubmsc/base';
import { HistoryError } from '@ubmsc/history';
import type { BatterySource } from '@ubmsc/session';
import { allowedHosts } from './allowed-hosts.ts';
import type { About } from './answers.ts';
import { eventsOf, historyCsv, historyOf } from './history-api.ts';
import { Live, nowJson } from './live.ts';
import { readPageFiles } from './page-files.ts';
import type { PageAnswer, PageRequest } from './request.ts';
import { securityHeaders } from './security-headers.ts';
import { vocabularyJson } from './state-json.ts';

/** What the pages show. */
export interface WebPagesOptions {
  readonly source: BatterySource;
  readonly version: string;
  /** Where the server listens. */
  readonly listening: URL;
  /** The folder of the history; without one there are no graphs of the past. */
  readonly historyFolder?: string | undefined;
  /** Names by which the page may be reached besides those of this machine. */
  readonly hosts?: readonly string[] | undefined;
  /** Origins that may show the page in a frame. */
  readonly frames?: readonly string[] | undefined;
  /** How the hint of an error is worded in an answer; as it is when left out. */
  readonly wordHint?: ((hint: string) => string) | undefined;
}

/** Answers a request; undefined where the page has nothing at that path. */
export type WebPages = (request: PageRequest) => Promise<PageAnswer | undefined>;

/** The page of the batteries, and what it asks for. Everything is read only, and all paths of the page are relative. */
export async function webPages(options: WebPagesOptions): Promise<WebPages> {
  const {
    source,
    version,
    listening,
    historyFolder,
    hosts = [],
    frames = [],
    wordHint = (hint: string) => hint,
  } = options;
  const files = await readPageFiles();
  const isAllowed = allowedHosts(listening, hosts);
  const security = securityHeaders(frames);
  const live = new Live(source);
  const answered = (status: number, type: string, body: PageAnswer['body']): PageAnswer => ({
    status,
    headers: { ...security, 'Content-Type': type, 'Cache-Control': 'no-store' },
    body,
  });
  const about: About = {
    version,
    has_history: historyFolder !== undefined,
    vocabulary: vocabularyJson(),
  };
  const json = (value: unknown): PageAnswer =>
    answered(200, 'application/json', `${JSON.stringify(value)}\n`);
  const past = async (work: (folder: string) => Promise<PageAnswer>): Promise<PageAnswer> => {
    try {
      if (historyFolder === undefined)
        throw new UsageError('no history is kept', 'give a folder with { state }');
      return await work(historyFolder);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      // What is there cannot be read for now: neither the query nor this program is at fault.
      return answered(
        error instanceof HistoryError ? 503 : 400,
        'application/json',
        `${JSON.stringify({ error: error.message, hint: wordHint(error.hint) })}\n`,
      );
    }
  };
  const api: Readonly<Record<string, (request: PageRequest) => PageAnswer | Promise<PageAnswer>>> = {
    '/api/now': () => json(nowJson(source)),
    '/api/about': () => json(about),
    '/api/live': ({ signal }) =>
      live.isFull
        ? { ...answered(503, 'text/plain; charset=utf-8', 'Too many pages are open.\n') }
        : answered(200, 'text/event-stream', live.events(signal)),
    '/api/history': async ({ query }) => await past(async (folder) => json(await historyOf(folder, query))),
    '/api/history.csv': async ({ query }) =>
      await past(async (folder) => answered(200, 'text/csv; charset=utf-8', await historyCsv(folder, query))),
    '/api/events': async ({ query }) => await past(async (folder) => json(await eventsOf(folder, query))),
  };
  return async (request) => {
    const file = files.get(request.path === '/' ? 'index.html' : request.path.slice(1));
    const answer = Object.hasOwn(api, request.path) ? api[request.path] : undefined;
    if (!file && !answer) return undefined;
    if (!isAllowed(request.headers.host)) {
      return answered(421, 'text/plain; charset=utf-8', 'This host is not known here: see --web-host.\n');
    }
    if (answer) return await answer(request);
    if (!file) return undefined;
    const headers = { ...security, ETag: file.tag, 'Cache-Control': 'no-cache', 'Content-Type': file.type };
    if (request.headers['if-none-match'] === file.tag) return { status: 304, headers, body: '' };
    return { status: 200, headers, body: file.content };
  };
}
