import { isHtml, type Answer, type EndpointKind } from './kinds.ts';

/** Why samples are not delivered for now. A closed set: it is a label. */
export const holdReasons = {
  network: 'there is no connection',
  timeout: 'there is no answer in time',
  busy: 'the server asks to come back later',
  server: 'the server has a fault',
  credentials: 'the server or a proxy does not accept the credentials',
  path: 'there is nothing at that path',
  redirect: 'the server is elsewhere',
  unexpected: 'the answer is not that of such an endpoint',
  everything: 'the server refuses whatever it gets',
  clock: 'the clock of this machine is not right',
} as const satisfies Readonly<Record<string, string>>;

export type HoldReason = keyof typeof holdReasons;

/** What became of samples that were sent. */
export type Outcome =
  | { readonly kind: 'accepted' }
  /** They will never be taken: because of what they are, of their times, or because they are too many at once. */
  | { readonly kind: 'refused'; readonly because: 'content' | 'time' | 'size'; readonly text: string }
  /** They may be taken later; `after` is how long the server asks to be left alone, in milliseconds. */
  | {
      readonly kind: 'held';
      readonly because: HoldReason;
      readonly text: string;
      readonly after?: number | undefined;
    };

/** Longest time that a server may ask to be left alone, in milliseconds. */
const LONGEST_WAIT = 3_600_000;

const because: Readonly<Record<number, HoldReason>> = {
  401: 'credentials',
  403: 'credentials',
  404: 'path',
  405: 'path',
  407: 'credentials',
  408: 'busy',
  410: 'path',
  425: 'busy',
  429: 'busy',
  503: 'busy',
};

/**
 * What an answer means. Only what says that the content is refused lets samples be given up: 400, 413 and 422, unless
 * the answer is a page for people. Everything else may change: a password, a path, a portal.
 */
export function judge(kind: EndpointKind, answer: Answer, now = Date.now()): Outcome {
  const { status, headers, body } = answer;
  if (status >= 200 && status < 300 && kind.accepts(answer)) return { kind: 'accepted' };
  const text = `${status} ${body.trim().split('\n')[0]?.slice(0, 200) ?? ''}`.trim();
  if (status === 413) return { kind: 'refused', because: 'size', text };
  if (status >= 400 && kind.late?.test(body)) return { kind: 'refused', because: 'time', text };
  if ((status === 400 || status === 422) && !isHtml(answer)) {
    return { kind: 'refused', because: 'content', text };
  }
  const after = retryAfter(headers['retry-after'], now);
  return { kind: 'held', because: because[status] ?? reasonOf(status), text, after };
}

function reasonOf(status: number): HoldReason {
  if (status >= 500) return 'server';
  return status >= 300 && status < 400 ? 'redirect' : 'unexpected';
}

/** Seconds or a date (RFC 9110, section 10.2.3), in milliseconds from `now`; undefined when it is neither. */
export function retryAfter(header: Answer['headers'][string], now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT);
}
