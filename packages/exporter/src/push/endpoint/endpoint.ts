import { UsageError } from '@ubmsc/base';
import { endpointKinds, type EndpointKind, type EndpointKindName } from './kinds.ts';

/** Where metrics are pushed to, and what is accepted there. */
export interface PushEndpoint {
  /** Without user and password. */
  readonly url: URL;
  /** The same for people: without what may be a secret. */
  readonly title: string;
  readonly kind: EndpointKindName;
  /** What stands in the URL before the host. */
  readonly userinfo: { readonly user: string; readonly password: string } | undefined;
}

export interface PushUrlOptions {
  readonly protobuf?: boolean | undefined;
  /** What is at the URL; told from its path when left out. */
  readonly protocol?: EndpointKindName | undefined;
}

/** The names of all kinds of endpoints. */
export const pushProtocols: readonly EndpointKindName[] = Object.keys(endpointKinds).filter(isKind);

function isKind(name: string): name is EndpointKindName {
  return Object.hasOwn(endpointKinds, name);
}

/**
 * The endpoint that a URL names.
 * @throws {UsageError} nothing that is pushed there can arrive.
 */
export function parsePushUrl(text: string, options: PushUrlOptions = {}): PushEndpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      'the URL to push to is not one of http or https',
      'give one such as http://victoria:8428/api/v1/import/prometheus',
    );
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  const title = `${url.origin}${url.pathname}`;
  const found = pushProtocols.find((name) => endpointKinds[name].matches(url)) ?? 'text';
  const kind = options.protocol ?? found;
  if (kind === 'pushgateway') checkGroup(url, title);
  if (/\/metrics\/?$/.test(url.pathname)) {
    throw new UsageError(
      `${title} is where metrics are read, not where they are pushed to`,
      'a Pushgateway wants a group after it, such as /metrics/job/ubmsc',
    );
  }
  if (options.protobuf && kind === 'victoriametrics') {
    throw new UsageError(
      `${title} ignores protobuf and reports no error`,
      'leave { protobuf } out: text is sent',
    );
  }
  const { query = {} }: EndpointKind = endpointKinds[kind];
  for (const [name, value] of Object.entries(query)) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  const userinfo =
    username === '' && password === ''
      ? undefined
      : { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  return { url, title, kind, userinfo };
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
