import { setFlagsFromString } from 'node:v8';
import { log, stateFolder, untilAborted } from '@ubmsc/base';
import { Exporter, type Family } from '@ubmsc/exporter';
import { AdapterWait } from '../../batteries/adapter-wait.ts';
import { openMetering } from '../../batteries/metering.ts';
import { OnDemandBatteries, planOf, type Plan } from '../../batteries/on-demand.ts';
import type { BatteriesOptions, CommandContext } from '../../command-line/context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { OutputName } from '../../outputs/index.ts';
import { planOutputs, type PlannedOutput } from '../../outputs/plan.ts';
import { labelsOf } from '../../outputs/labels.ts';
import { RunningOutputs } from '../../outputs/running.ts';
import { announceText } from '../../output.ts';
import { energyFamilies } from '../../service/energy-families.ts';
import { configFamilies } from '../../service/config-families.ts';
import { changedSettings, restartText, settingsInForce } from '../../service/restart-needed.ts';
import { startService, type ConfigState } from '../../service/service.ts';
import { version } from '../../version.ts';
import { openBatteries, type SimulateBatteries } from '../../batteries/session.ts';

/**
 * Keeps links to the batteries and passes their readings to these outputs, until it is asked to end. `simulation` is
 * what `sim` stands for.
 */
export async function runOutputs(
  names: readonly OutputName[],
  devices: readonly string[],
  context: CommandContext,
  simulation?: SimulateBatteries,
): Promise<number> {
  // Otherwise V8 lets 8 MB of garbage gather before it looks for some: as much as all that is needed takes.
  setFlagsFromString('--optimize-for-size');
  const { signal, onHangup } = context;
  const options = context.optionsWith(devices);
  const labels = labelsOf('--label', options.label, context.config()?.labels);
  const planned = await planOutputs(names, options, context);
  if (options.protobuf) announceText();

  const plan = planWith(options);
  // What is watched comes when there is something that tells of it: an adapter may be missing for long.
  await using session = await openBatteries({ ...options, batteries: [] }, signal, { simulation });
  const batteries = new OnDemandBatteries(session.batteries, plan);
  await using metering = await openMetering(batteries, { ...options, state: stateOf(planned, options) });
  const { source } = metering;

  const wait = new AdapterWait();
  const giveUpAfter = options.giveUpAfter && options.giveUpAfter * 1000;
  await wait.start({ watch: async () => await batteries.watch(), signal, giveUpAfter });

  let configState: () => ConfigState = startState();
  const started = settingsInForce(context);
  let restartNeeded: readonly string[] = [];
  await using running = new RunningOutputs();
  const more = (): readonly Family[] => [
    ...(context.config() ? configFamilies(configState(), restartNeeded) : []),
    ...(metering.isMetered ? energyFamilies(metering.problem()) : []),
    ...running.families(),
  ];
  await running.start(planned, {
    source,
    batteries,
    logbook: async (device) => await session.batteries.logbook(device, signal),
    subject: nameBatteries(plan),
    version,
    isComplete: () => isOfFile(context, devices),
    labels,
    metrics: exporters({
      source,
      version,
      prefix: options.metricPrefix,
      labels,
      maxDevices: options.maxDevices,
      processMetrics: !options.disableProcessMetrics,
      more,
    }),
  });

  const reload = async (): Promise<void> => {
    await running.reload();
    await context.reload(async () => {
      const wanted = context.optionsWith(devices);
      await batteries.set(planWith(wanted));
      metering.setBanks(wanted.banks ?? []);
    });
    restartNeeded = changedSettings(started, settingsInForce(context));
    const text = restartText(restartNeeded);
    if (text !== undefined) log('warn', 'service', () => text);
  };
  await using service = await startService({
    batteries,
    reload: context.config() || running.canReload ? reload : undefined,
    onHangup,
    problems: () =>
      [wait.problem, metering.problem(), ...running.problems, restartText(restartNeeded)].filter(
        (each) => each !== undefined,
      ),
  });
  configState = () => service.configState;

  const { failed } = session.batteries;
  await untilAborted(AbortSignal.any([signal, failed, wait.failed.signal]));
  failed.throwIfAborted();
  wait.failed.signal.throwIfAborted();
  return exitCodes.ok;
}

/** Pages are made by one exporter for all outputs that want the same, because it keeps lines for the next page. */
function exporters(
  options: ConstructorParameters<typeof Exporter>[0],
): (processMetrics: boolean) => Exporter {
  const made = new Map<boolean, Exporter>();
  return (wanted) => {
    const processMetrics = wanted && options.processMetrics !== false;
    const exporter = made.get(processMetrics) ?? new Exporter({ ...options, processMetrics });
    made.set(processMetrics, exporter);
    return exporter;
  };
}

/** Until the service knows it: the configuration that the command was started with is in force. */
function startState(): () => ConfigState {
  const state: ConfigState = { successful: true, time: Date.now() / 1000 };
  return () => state;
}

function planWith({ batteries, onDemandBatteries = [], adapter }: BatteriesOptions): Plan {
  return planOf(batteries, onDemandBatteries, adapter);
}

/** The folder for state that is given, or the usual one where an output wants it: it is made then. */
function stateOf(planned: readonly PlannedOutput[], { state }: BatteriesOptions): string | undefined {
  const isWanted = planned.some(({ keepsState }) => keepsState);
  return state ?? (isWanted ? stateFolder() : undefined);
}

/** Whether the batteries are those of the configuration file, all of them. */
function isOfFile({ config, options, isGiven }: CommandContext, devices: readonly string[]): boolean {
  const isChosen = devices.length > 0 || options().devices !== undefined || isGiven('onDemand');
  return !isChosen && (config()?.batteries?.length ?? 0) > 0;
}

function nameBatteries({ kept, onDemand }: Plan): string {
  if ('allOf' in kept) return 'all batteries that are found';
  const count = kept.length + onDemand.length;
  return count === 1 ? '1 battery' : `${count} batteries`;
}
