import { lineProtocol } from '../encode/line-protocol.ts';
import { remoteWrite1, remoteWrite2 } from '../encode/remote-write.ts';
import type { Sample } from '../encode/sample.ts';
import { text } from '../encode/text.ts';

/** What a server has answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** How the body begins. */
  readonly body: string;
}

/** A kind of endpoint: how samples get there, and what its answers mean. */
export interface EndpointKind {
  /** Whether a URL is one of these, when nobody says what it is. */
  readonly matches: (url: URL) => boolean;
  readonly method: 'PUT' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Samples as they are sent; undefined where pages are sent as they are, without times: the latest alone counts. */
  readonly encode: ((samples: readonly Sample[]) => Buffer) | undefined;
  readonly gzip: boolean;
  /** Whether it can be told that a series has ended. */
  readonly marksEnd?: boolean;
  /** Is added to the query when it is not there. */
  readonly query?: Readonly<Record<string, string>>;
  /** What stands before a token in the header `Authorization`; Bearer when left out. */
  readonly tokenScheme?: string;
  /** Whether an answer with 2xx says that these samples were taken. */
  readonly accepts: (answer: Answer) => boolean;
  /** What a refusal says when samples are too old, or older than what is there. Then their times are refused. */
  readonly late?: RegExp;
  /** The kind to use instead, for good, when this one is not understood. */
  readonly fallback?: 'remote-write';
}

const textHeaders = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' };

const noContent = ({ status }: Answer): boolean => status === 204;

/** HTML is never what one of these servers says. */
const notHtml = (answer: Answer): boolean => !isHtml(answer);

/** Answers of Prometheus, and of what is made of its parts. */
const late = /out of order|too old|out of bounds|duplicate sample/i;

/** What remote write 2.0 has to say when it has stored something. Other servers take it for 1.0 and store nothing. */
const WRITTEN = 'x-prometheus-remote-write-samples-written';

/** The first that matches is meant; what is not known gets text by PUT. */
export const endpointKinds = {
  victoriametrics: {
    matches: ({ pathname }) => /\/api\/v1\/import\/prometheus(\/|$)/.test(pathname),
    method: 'POST',
    headers: textHeaders,
    encode: text,
    gzip: true,
    accepts: noContent,
  },
  pushgateway: {
    matches: ({ pathname }) => /\/metrics\/job(@base64)?(\/|$)/.test(pathname),
    method: 'PUT',
    headers: textHeaders,
    encode: undefined,
    gzip: true,
    accepts: (answer) => [200, 202, 204].includes(answer.status) && notHtml(answer),
  },
  'remote-write': {
    matches: ({ pathname }) => /\/api\/(v1\/(write|push|receive)|prom\/push)\/?$/.test(pathname),
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-protobuf',
      'Content-Encoding': 'snappy',
      'X-Prometheus-Remote-Write-Version': '0.1.0',
    },
    encode: remoteWrite1,
    marksEnd: true,
    gzip: false,
    accepts: (answer) => [200, 202, 204].includes(answer.status) && answer.body === '',
    late,
  },
  'remote-write-2': {
    matches: () => false,
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
      'Content-Encoding': 'snappy',
      'X-Prometheus-Remote-Write-Version': '2.0.0',
    },
    encode: remoteWrite2,
    marksEnd: true,
    gzip: false,
    accepts: ({ headers }) => Number(headers[WRITTEN]) > 0,
    late,
    fallback: 'remote-write',
  },
  'influxdb-1': {
    matches: ({ pathname, searchParams }) => pathname.endsWith('/write') && searchParams.has('db'),
    method: 'POST',
    headers: textHeaders,
    encode: lineProtocol,
    gzip: true,
    query: { precision: 'ms' },
    accepts: noContent,
    late: /points beyond retention policy/,
  },
  'influxdb-2': {
    matches: ({ pathname }) => pathname.endsWith('/api/v2/write'),
    method: 'POST',
    headers: textHeaders,
    encode: lineProtocol,
    gzip: true,
    query: { precision: 'ms' },
    tokenScheme: 'Token',
    accepts: noContent,
    late: /points beyond retention policy/,
  },
  'influxdb-3': {
    matches: ({ pathname }) => pathname.endsWith('/api/v3/write_lp'),
    method: 'POST',
    headers: textHeaders,
    encode: lineProtocol,
    gzip: true,
    query: { precision: 'millisecond' },
    accepts: noContent,
  },
  text: {
    matches: () => true,
    method: 'PUT',
    headers: textHeaders,
    encode: text,
    gzip: false,
    accepts: notHtml,
  },
} as const satisfies Readonly<Record<string, EndpointKind>>;

/** A kind of target of the table. */
export type EndpointKindName = keyof typeof endpointKinds;

/** Whether an answer is a page for people, as captive portals and proxies give them. */
export function isHtml({ headers, body }: Answer): boolean {
  return /text\/html/i.test(String(headers['content-type'])) || /^\s*<(!doctype|html)/i.test(body);
}
