import { metricsText, parsePushUrl, pushOnce, writeTextfile } from '@ubmsc/exporter';
import type { BatteriesOptions } from '../command-line/context.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { announceText, complain } from '../output.ts';
import { version } from '../version.ts';
import { askEach } from './ask-each.ts';
import { pushCredentials } from './push-credentials.ts';

/**
 * Reads the devices asked for, or all that are found, once. Pushes their metrics, and writes the textfile where one is
 * named. Returns the exit code: that of the first failure, of a device or of the endpoint.
 */
export async function push(options: BatteriesOptions, pushes: boolean, signal: AbortSignal): Promise<number> {
  const { pushUrl, url, protobuf = false, textfile, metricPrefix } = options;
  const endpoint = pushes ? parsePushUrl(pushUrl ?? url, { protobuf }) : undefined;
  if (protobuf) announceText();
  const { answers, exitCode } = await askEach(options, signal, async (battery, { device }) => ({
    device,
    deviceInfo: await battery.deviceInfo(signal),
    reading: await battery.read(signal),
  }));
  if (answers.length === 0) return exitCode;
  const page = metricsText(answers, { prefix: metricPrefix });
  try {
    if (textfile !== undefined) await writeTextfile(textfile, page);
    if (endpoint) {
      await pushOnce(page, { endpoint, credentials: pushCredentials(options), version, signal });
    }
    return exitCode;
  } catch (error) {
    signal.throwIfAborted();
    complain(error);
    return exitCode || exitCodeOf(error);
  }
}
