// In a file of its own, because it is loaded only where there is a proxy.
import type { Agent } from 'node:http';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** What makes the connections to `url` through a proxy. */
export function proxyAgent(url: URL, proxy: string): Agent {
  return url.protocol === 'https:' ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy);
}
