// In a file of its own, because it is loaded only where there is a proxy.
import type { Agent } from 'node:http';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** What makes the connections to `url` through a proxy. */
export async function proxyAgent(url: URL, proxy: string): Promise<Agent> {
  if (/^socks/i.test(proxy)) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    return new SocksProxyAgent(proxy);
  }
  return url.protocol === 'https:' ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy);
}
