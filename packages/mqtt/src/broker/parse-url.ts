import { UsageError } from '@ubmsc/base';

/** A broker, by its URL. */
export interface BrokerAddress {
  /** Without user and password. */
  readonly url: URL;
  /** The same for people. */
  readonly title: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

const schemes: ReadonlySet<string> = new Set(['mqtt:', 'mqtts:', 'ws:', 'wss:']);

/**
 * The broker that a URL names: `mqtt://host`, `mqtts://host:8883`, `ws://host/path` or `wss://host/path`.
 * @throws {UsageError} it is not such a URL.
 */
export function parseBrokerUrl(text: string): BrokerAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !schemes.has(url.protocol) || url.hostname === '') {
    throw new UsageError(
      'the URL of the MQTT broker is not valid',
      'give one such as mqtt://127.0.0.1, mqtts://broker.example or wss://broker.example/mqtt',
    );
  }
  const { username, password } = url;
  const path = url.pathname.replace(/^\/$/, '');
  const { protocol, host } = url;
  const hasPath = protocol.startsWith('ws');
  const clean = new URL(`${protocol}//${host}${hasPath ? `${path}${url.search}` : ''}`);
  return {
    url: clean,
    title: `${protocol}//${host}${hasPath ? path : ''}`,
    user: username === '' ? undefined : decodeURIComponent(username),
    password: password === '' ? undefined : decodeURIComponent(password),
  };
}
