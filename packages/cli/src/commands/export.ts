import { log } from '@ubmsc/client';
import {
  Exporter,
  isLoopback,
  parseListenUrl,
  routes,
  serve,
  WebConfigFile,
  type Log,
} from '@ubmsc/exporter';
import type { CommandContext } from '../command-line/context.ts';
import { exitCodes } from '../exit-codes.ts';
import { announce } from '../output.ts';
import { configFamilies } from '../service/config-families.ts';
import { startService } from '../service/service.ts';
import { version } from '../version.ts';
import { openBatteries } from './session.ts';

/** Keeps links to the batteries and serves what they say as metrics, until it is asked to end. */
export async function runExport(devices: readonly string[], context: CommandContext): Promise<number> {
  const { signal, onHangup } = context;
  const options = context.optionsWith(devices);
  const url = parseListenUrl(options.url);
  const logLine: Log = (level, text) => log(level, 'exporter', () => text);
  using webConfig =
    options.webConfigFile === undefined
      ? undefined
      : await WebConfigFile.open(options.webConfigFile, logLine);
  await using session = await openBatteries(options, signal);
  const { batteries } = session;
  const reload = async (): Promise<void> => {
    await webConfig?.reload();
    await context.reload(async () => {
      const wanted = context.optionsWith(devices);
      await batteries.set(wanted.batteries ?? { allOf: wanted.adapter });
    });
  };
  await using service = await startService({
    batteries,
    reload: context.config() || webConfig ? reload : undefined,
    onHangup,
  });
  const exporter = new Exporter({
    source: batteries,
    version,
    prefix: options.metricPrefix,
    maxDevices: options.maxDevices,
    processMetrics: !options.disableProcessMetrics,
    more: () => (context.config() ? configFamilies(service.configState) : []),
  });
  await using server = await serve({
    url,
    answer: routes({ exporter, version, metricsPath: url.pathname }),
    log: logLine,
    webConfig,
  });
  if (!isLoopback(url) && !webConfig?.current.users.size) {
    log('warn', 'exporter', () => `${url.host} can be reached from other machines, and asks for no password`);
  }
  announce(`metrics of ${nameBatteries(options.batteries?.length)} at ${server.url.href}`);
  await aborted(signal);
  return exitCodes.ok;
}

function nameBatteries(count: number | undefined): string {
  if (count === undefined) return 'all batteries that are found';
  return count === 1 ? '1 battery' : `${count} batteries`;
}

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
