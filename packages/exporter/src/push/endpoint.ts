import { UsageError } from '@ubmsc/base';

/** Where metrics are pushed to, and what is accepted there. */
export interface PushEndpoint {
  /** Without user and password. */
  readonly url: URL;
  /** The same for people: without what may be a secret. */
  readonly title: string;
  readonly method: 'PUT' | 'POST';
  /** Whether samples keep their times. A Pushgateway refuses them: it knows only the latest. */
  readonly keepsTime: boolean;
  /** Whether it is known to accept compressed bodies. */
  readonly gzip: boolean;
  /** What stands in the URL before the host. */
  readonly userinfo: { readonly user: string; readonly password: string } | undefined;
}

/** What is accepted where, by the path; the first that fits. What is not known gets text by PUT. */
const kinds = {
  victoriaMetrics: {
    path: /\/api\/v1\/import\/prometheus(\/|$)/,
    method: 'POST',
    keepsTime: true,
    gzip: true,
  },
  pushgateway: { path: /\/metrics\/job(@base64)?(\/|$)/, method: 'PUT', keepsTime: false, gzip: true },
  other: { path: /^/, method: 'PUT', keepsTime: true, gzip: false },
} as const;

/**
 * The endpoint that a URL names.
 * @throws {UsageError} nothing that is pushed there can arrive.
 */
export function parsePushUrl(text: string, { protobuf = false } = {}): PushEndpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      'the URL to push to is none of http or https',
      'give one such as http://victoria:8428/api/v1/import/prometheus',
    );
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  const title = `${url.origin}${url.pathname}`;
  const kind = Object.values(kinds).find(({ path }) => path.test(url.pathname)) ?? kinds.other;
  if (kind === kinds.pushgateway) checkGroup(url, title);
  if (/\/metrics\/?$/.test(url.pathname)) {
    throw new UsageError(
      `${title} is where metrics are read, not where they are pushed to`,
      'a Pushgateway wants a group behind it, such as /metrics/job/ubmsc',
    );
  }
  if (protobuf && kind === kinds.victoriaMetrics) {
    throw new UsageError(
      `${title} throws protobuf away without a word`,
      'leave --protobuf out: text is sent',
    );
  }
  const userinfo =
    username === '' && password === ''
      ? undefined
      : { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  return { url, title, method: kind.method, keepsTime: kind.keepsTime, gzip: kind.gzip, userinfo };
}

/**
 * Labels and values of the group of a Pushgateway come in pairs. One empty value makes version 1.5.1 refuse the pushes
 * of everybody, until somebody deletes that group.
 */
function checkGroup({ pathname }: URL, title: string): void {
  const [, group = ''] = /\/metrics\/(job(?:@base64)?\/.*)$/.exec(pathname) ?? [];
  const parts = group.split('/');
  const isEmpty = (value: string, index: number): boolean =>
    value === '' || (index % 2 === 1 && /^=*$/.test(value) && (parts[index - 1] ?? '').endsWith('@base64'));
  if (parts.length % 2 === 0 && !parts.some(isEmpty)) return;
  throw new UsageError(
    `${title} names a group with an empty or missing value`,
    'give each label a value: /metrics/job/ubmsc/instance/house',
  );
}
