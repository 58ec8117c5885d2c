import { join } from 'node:path';
import { UsageError } from '@ubmsc/base';
import { isLoopback, parseListenUrl, routes, serve, WebConfigFile } from '@ubmsc/exporter';
import type { WebPages, WebPagesOptions } from '@ubmsc/web';
import { HISTORY, keptIn } from '../../batteries/state-folder.ts';
import type { GeneralOptions } from '../../command-line/general-options.ts';
import { hintInOptions } from '../../hints.ts';
import { logLine } from '../log-line.ts';
import type { Output } from '../output.ts';
import type { PushOptions } from '../push/options.ts';
import type { TextfileOptions } from '../textfile/options.ts';

/** Serves metrics over HTTP. Certificates and users are read again at a reload. */
export const listen: Output<GeneralOptions & PushOptions & TextfileOptions> = {
  // `--push` takes `--url` for the endpoint, as it always did. Who wants a textfile wants no port, unless one is named.
  isWanted: ({ push, pushUrl, textfile }, isGiven) =>
    (pushUrl !== undefined || !push) && (textfile === undefined || isGiven('url')),
  prepare: async ({ options }) => {
    const { url, webConfigFile, web = false } = options;
    const listenUrl = parseListenUrl(url);
    return async ({ source, batteries, subject, version, metrics }) => {
      const webConfig =
        webConfigFile === undefined ? undefined : await WebConfigFile.open(webConfigFile, logLine);
      try {
        const exporter = metrics(true);
        if (web) refuseOpenPage(listenUrl, options, webConfig);
        const pages = web ? await pagesOf(options, { source, version, listening: listenUrl }) : undefined;
        const metricsPath = listenUrl.pathname;
        const answer = routes({ exporter, version, metricsPath, probe: batteries, pages });
        const server = await serve({ url: listenUrl, answer, log: logLine, webConfig });
        if (!isLoopback(server.url) && !webConfig?.current.users.size) {
          logLine('warn', `${server.url.host} can be reached from other machines, and asks for no password`);
        }
        return {
          announcement: web
            ? `${subject} in the browser at ${server.url.origin}/, metrics at ${server.url.pathname}`
            : `metrics of ${subject} at ${server.url.href}`,
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

/** Who can reach the page sees everything, so beyond this machine it asks for a password. */
function refuseOpenPage(url: URL, { webOpen }: GeneralOptions, webConfig: WebConfigFile | undefined): void {
  if (
    isLoopback(url) ||
    webOpen ||
    webConfig?.current.users.size ||
    webConfig?.current.tls?.clientCertificate
  )
    return;
  throw new UsageError(
    `${url.host} can be reached from other machines, and the page would ask for no password`,
    'give users with --web.config.file, or --web-open to show it to everybody there',
  );
}

async function pagesOf(
  options: GeneralOptions,
  served: Pick<WebPagesOptions, 'source' | 'version' | 'listening'>,
): Promise<WebPages> {
  const { webPages } = await import('@ubmsc/web');
  const kept = options.disableHistory ? undefined : keptIn(options);
  return await webPages({
    ...served,
    historyFolder: kept === undefined ? undefined : join(kept, HISTORY),
    hosts: options.webHost,
    frames: options.webFrame,
    wordHint: hintInOptions,
  });
}
