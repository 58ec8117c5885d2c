import { isLoopback, parseListenUrl, routes, serve, WebConfigFile } from '@ubmsc/exporter';
import { logLine } from './log-line.ts';
import type { Output } from './output.ts';

/** Serves metrics over HTTP. Certificates and users are read again at a reload. */
export const listen: Output = {
  // `--push` takes `--url` for the endpoint, as it always did. Who wants a textfile wants no port, unless one is named.
  isWanted: ({ push, pushUrl, textfile }, isGiven) =>
    (pushUrl !== undefined || !push) && (textfile === undefined || isGiven('url')),
  prepare: async ({ options: { url, webConfigFile } }) => {
    const listenUrl = parseListenUrl(url);
    return async ({ batteries, subject, version, metrics }) => {
      const webConfig =
        webConfigFile === undefined ? undefined : await WebConfigFile.open(webConfigFile, logLine);
      try {
        const exporter = metrics(true);
        const answer = routes({ exporter, version, metricsPath: listenUrl.pathname, probe: batteries });
        const server = await serve({ url: listenUrl, answer, log: logLine, webConfig });
        if (!isLoopback(server.url) && !webConfig?.current.users.size) {
          logLine('warn', `${server.url.host} can be reached from other machines, and asks for no password`);
        }
        return {
          announcement: `metrics of ${subject} at ${server.url.href}`,
          target: server.url.href,
          reload: webConfig && (async () => await webConfig.reload()),
          [Symbol.asyncDispose]: async () => {
            await server[Symbol.asyncDispose]();
            webConfig?.[Symbol.dispose]();
          },
        };
      } catch (error) {
        webConfig?.[Symbol.dispose]();
        throw error;
      }
    };
  },
};
