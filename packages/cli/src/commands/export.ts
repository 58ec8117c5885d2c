import { setFlagsFromString } from 'node:v8';
import { log } from '@ubmsc/client';
import {
  Exporter,
  isLoopback,
  keepTextfile,
  parseListenUrl,
  parsePushUrl,
  Pusher,
  routes,
  serve,
  WebConfigFile,
  type Family,
  type Log,
} from '@ubmsc/exporter';
import { OnDemandBatteries, planOf, type Plan } from '../batteries/on-demand.ts';
import type { BatteriesOptions, CommandContext } from '../command-line/context.ts';
import { exitCodes } from '../exit-codes.ts';
import { pushOptions } from '../command-line/options.ts';
import { announce, announceText } from '../output.ts';
import { configFamilies } from '../service/config-families.ts';
import { startService } from '../service/service.ts';
import { version } from '../version.ts';
import { outputsOf } from './export-outputs.ts';
import { pushCredentials } from './push-credentials.ts';
import { openBatteries } from './session.ts';

const logLine: Log = (level, text) => log(level, 'exporter', () => text);

/**
 * Keeps links to the batteries and passes on what they say as metrics, until it is asked to end: serves them, pushes
 * them, writes them to a file.
 */
export async function runExport(devices: readonly string[], context: CommandContext): Promise<number> {
  // Otherwise V8 lets 8 MB of garbage gather before it looks for some: as much as all that is needed takes.
  setFlagsFromString('--optimize-for-size');
  const { signal, onHangup, isGiven } = context;
  const options = context.optionsWith(devices);
  const { webConfigFile, protobuf = false } = options;
  const outputs = outputsOf(options, isGiven('url'));
  const listenUrl = outputs.listen === undefined ? undefined : parseListenUrl(outputs.listen);
  const endpoint = outputs.push === undefined ? undefined : parsePushUrl(outputs.push, { protobuf });
  if (!endpoint) context.refuseIdle(pushOptions, 'nothing is pushed: add --push-url, or --push');
  if (protobuf) announceText();
  using webConfig =
    webConfigFile === undefined ? undefined : await WebConfigFile.open(webConfigFile, logLine);

  const plan = planWith(options);
  const kept = 'allOf' in plan.kept ? undefined : plan.kept;
  await using session = await openBatteries({ ...options, batteries: kept }, signal);
  const batteries = new OnDemandBatteries(session.batteries, plan);
  const reload = async (): Promise<void> => {
    await webConfig?.reload();
    await context.reload(async () => await batteries.set(planWith(context.optionsWith(devices))));
  };
  await using service = await startService({
    batteries,
    reload: context.config() || webConfig ? reload : undefined,
    onHangup,
  });

  let pushFamilies = (): readonly Family[] => [];
  const settings = {
    source: batteries,
    version,
    prefix: options.metricPrefix,
    maxDevices: options.maxDevices,
  };
  const more = (): readonly Family[] => [
    ...(context.config() ? configFamilies(service.configState) : []),
    ...pushFamilies(),
  ];
  const exporter = new Exporter({ ...settings, processMetrics: !options.disableProcessMetrics, more });
  // node_exporter tells of itself under the same names, and refuses to tell of two.
  const withoutProcess = new Exporter({ ...settings, processMetrics: false, more });
  const interval = options.scrapeInterval * 1000;

  await using pusher =
    endpoint &&
    (await Pusher.open({
      endpoint,
      credentials: pushCredentials(options),
      version,
      page: () => exporter.page(),
      interval,
      buffer: { folder: options.buffer },
      log: logLine,
    }));
  if (pusher) {
    pushFamilies = () => pusher.families();
    announce(`metrics of ${nameBatteries(plan)} are pushed to ${endpoint?.title}`);
  }

  const file = outputs.textfile;
  await using textfile =
    file === undefined
      ? undefined
      : await keepTextfile({ file, page: () => withoutProcess.page(), interval, log: logLine });
  if (textfile) announce(`metrics of ${nameBatteries(plan)} are written to ${file}`);

  await using server =
    listenUrl &&
    (await serve({
      url: listenUrl,
      answer: routes({ exporter, version, metricsPath: listenUrl.pathname, probe: batteries }),
      log: logLine,
      webConfig,
    }));
  if (server) {
    if (!isLoopback(server.url) && !webConfig?.current.users.size) {
      logLine('warn', `${server.url.host} can be reached from other machines, and asks for no password`);
    }
    announce(`metrics of ${nameBatteries(plan)} at ${server.url.href}`);
  }

  const { failed } = session.batteries;
  await aborted(AbortSignal.any([signal, failed]));
  failed.throwIfAborted();
  return exitCodes.ok;
}

function planWith({ batteries, onDemandBatteries = [], adapter }: BatteriesOptions): Plan {
  return planOf(batteries, onDemandBatteries, adapter);
}

function nameBatteries({ kept, onDemand }: Plan): string {
  if ('allOf' in kept) return 'all batteries that are found';
  const count = kept.length + onDemand.length;
  return count === 1 ? '1 battery' : `${count} batteries`;
}

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
