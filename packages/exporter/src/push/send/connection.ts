// Not their members by name: tests put faults in the place of these.
import http, { type Agent } from 'node:http';
import https from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import { readSmallFile } from '@ubmsc/base';

/** How a connection to an endpoint is made, besides its URL. */
export interface ConnectionSettings {
  /** Certificates that vouch for the server, instead of those of the system: a file in PEM. */
  readonly caFile?: string | undefined;
  /** Certificate and key with which this program shows who it is: files in PEM. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** URL of a proxy, http, https, socks4 or socks5; from the environment when left out. */
  readonly proxy?: string | undefined;
}

/**
 * How long one address of a host may take to connect before the next is tried, in milliseconds. Node gives each 250,
 * which is less than one round trip of a satellite or of a weak mobile network; this covers a lost packet, too.
 */
export const ADDRESS_TIMEOUT = 4000;

/** An idle connection is closed after this, in milliseconds: before most servers do. */
const IDLE = 4000;

/** Makes connections to one endpoint, and keeps one while there is much to send. */
export class Connection implements Disposable {
  readonly #url: URL;
  readonly #settings: ConnectionSettings;
  #agent: Agent | undefined;

  constructor(url: URL, settings: ConnectionSettings) {
    this.#url = url;
    this.#settings = settings;
  }

  /**
   * Options of a request. Certificates are read each time: they may be renewed on disk.
   * @throws {UsageError} a file cannot be read.
   */
  async options(): Promise<SecureContextOptions & { readonly agent: Agent }> {
    const { caFile, certFile, keyFile } = this.#settings;
    const [ca, cert, key] = await Promise.all(
      [caFile, certFile, keyFile].map(async (file) => file && (await readSmallFile(file))),
    );
    this.#agent ??= await this.#newAgent();
    return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), agent: this.#agent };
  }

  /** The next request makes a connection of its own, and asks for the address of the host again. */
  reset(): void {
    this.#agent?.destroy();
    this.#agent = undefined;
  }

  [Symbol.dispose](): void {
    this.reset();
  }

  async #newAgent(): Promise<Agent> {
    const proxy = this.#settings.proxy ?? getProxyForUrl(this.#url.href);
    if (proxy !== '') {
      const { proxyAgent } = await import('./proxy-agents.ts');
      return await proxyAgent(this.#url, proxy);
    }
    const { Agent: NewAgent } = this.#url.protocol === 'https:' ? https : http;
    return new NewAgent({ keepAlive: true, maxSockets: 1, timeout: IDLE });
  }
}
