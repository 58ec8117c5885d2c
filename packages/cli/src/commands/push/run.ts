import { metricsText, pushOnce, writeTextfile } from '@ubmsc/exporter';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { exitCodeOf } from '../../exit-codes.ts';
import { announceText, complain } from '../../output.ts';
import { labelsOf } from '../../outputs/labels.ts';
import { checkPushFiles, pushEndpoint, pushSettings, pushUrls } from '../../outputs/push/settings.ts';
import { version } from '../../version.ts';
import { askEach } from '../../batteries/ask-each.ts';

/**
 * Reads the devices asked for, or all that are found, once. Pushes their metrics, and writes the textfile where one is
 * named. `labelTable` has labels of every metric, besides those of the options. Returns the exit code: that of the first failure, of a device or of the endpoint.
 */
export async function push(
  options: BatteriesOptions,
  labelTable: Readonly<Record<string, string>> | undefined,
  pushes: boolean,
  signal: AbortSignal,
): Promise<number> {
  const { protobuf = false, textfile, metricPrefix } = options;
  const endpoints = pushes ? pushUrls(options).map((url) => pushEndpoint(url, options)) : [];
  const settings = pushSettings(options);
  if (pushes) await checkPushFiles(settings);
  const labels = labelsOf('--label', options.label, labelTable);
  if (protobuf) announceText();
  const { answers, exitCode } = await askEach(options, signal, async (battery, { device }) => ({
    device,
    deviceInfo: await battery.deviceInfo(signal),
    reading: await battery.read(signal),
  }));
  if (answers.length === 0) return exitCode;
  const page = metricsText(answers, { prefix: metricPrefix, labels });
  try {
    if (textfile !== undefined) await writeTextfile(textfile, page);
    for (const endpoint of endpoints) await pushOnce(page, { ...settings, endpoint, version, signal });
    return exitCode;
  } catch (error) {
    signal.throwIfAborted();
    complain(error);
    return exitCode || exitCodeOf(error);
  }
}
