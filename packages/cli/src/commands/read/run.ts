import type { MeasurementGroup } from '@ubmsc/protocol';
import { findFormat, type DeviceResult } from '../../formats/index.ts';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { hasColours } from '../../on-terminal.ts';
import { announceText, print } from '../../output.ts';
import { askEach } from '../../batteries/ask-each.ts';

/**
 * Reads the devices asked for, or all that are found, once, and prints what they say. A device that fails is
 * reported and the others are printed all the same. Returns the exit code: that of the first failure.
 */
export async function read(
  groups: readonly MeasurementGroup[],
  options: BatteriesOptions,
  signal: AbortSignal,
): Promise<number> {
  const format = findFormat(options.format);
  if (!format) throw new Error(`no format ${options.format}`);
  if (options.protobuf && ['metrics', 'm'].includes(options.format)) announceText();
  const { answers, exitCode } = await askEach(
    options,
    signal,
    async (battery, origin): Promise<DeviceResult> => ({
      ...origin,
      deviceInfo: groups.includes('deviceInfo') ? await battery.deviceInfo(signal) : undefined,
      reading: groups.includes('cellData') ? await battery.read(signal) : undefined,
    }),
  );
  const { showSecrets, metricPrefix } = options;
  const colour = hasColours(options);
  if (answers.length > 0)
    await print(await format.render({ devices: answers }, { groups, showSecrets, metricPrefix, colour }));
  return exitCode;
}
