import type { Adapter, Device } from '@ubmsc/client';
import type { MeasurementGroup } from '@ubmsc/protocol';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { findFormat, type DeviceResult, type Result } from '../formats/index.ts';
import type { Options } from '../options.ts';
import { complain, print, Progress } from '../output.ts';
import { findAll } from './find-devices.ts';
import { openSession } from './session.ts';

/**
 * Reads the devices asked for, or all that are found, once, and prints what they say. A device that fails is
 * reported and the others are printed all the same. Returns the exit code: that of the first failure.
 */
export async function read(
  groups: readonly MeasurementGroup[],
  options: Options,
  signal: AbortSignal,
): Promise<number> {
  await using session = await openSession(options, signal);
  using progress = new Progress();
  const { adapter } = session;
  const timeout = options.scanTimeout * 1000;
  const targets: readonly (string | Device)[] =
    options.devices ?? (await findAll(adapter, { signal, timeout, progress }));
  const outcomes = await Promise.allSettled(
    targets.map(async (target) => await readOne(adapter, target, groups, { options, signal, progress })),
  );
  signal.throwIfAborted();
  progress.clear();
  const devices: DeviceResult[] = [];
  let exitCode = exitCodes.ok;
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') {
      devices.push(outcome.value);
    } else {
      complain(outcome.reason);
      exitCode ||= exitCodeOf(outcome.reason);
    }
  }
  if (devices.length > 0) await printResult({ devices }, groups, options);
  return exitCode;
}

interface ReadContext {
  readonly options: Options;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

async function readOne(
  adapter: Adapter,
  target: string | Device,
  groups: readonly MeasurementGroup[],
  { options, signal, progress }: ReadContext,
): Promise<DeviceResult> {
  const asked = typeof target === 'string' ? target : (target.name ?? target.address);
  progress.show(`${adapter.title}: looking for ${asked}`);
  await using battery = await adapter.open(target, {
    signal,
    timeout: options.scanTimeout * 1000,
    requestTimeout: options.requestTimeout * 1000,
  });
  progress.show(`${adapter.title}: reading ${asked}`);
  const { name, address } = battery;
  return {
    device: asked,
    name,
    address,
    simulated: adapter.simulated,
    deviceInfo: groups.includes('deviceInfo') ? await battery.deviceInfo(signal) : undefined,
    reading: groups.includes('cellData') ? await battery.read(signal) : undefined,
  };
}

async function printResult(
  result: Result,
  groups: readonly MeasurementGroup[],
  options: Options,
): Promise<void> {
  const { showSecrets, metricPrefix } = options;
  const format = findFormat(options.format);
  if (!format) throw new Error(`no format ${options.format}`);
  await print(await format.render(result, { groups, showSecrets, metricPrefix }));
}
