import { removeFromBroker } from '@ubmsc/mqtt';
import { LinkError } from '@ubmsc/session';
import type { CommandContext } from '../../command-line/context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { print } from '../../output.ts';
import { mqttSettings } from '../../outputs/mqtt/output.ts';
import { settingsOf } from '../../outputs/plan.ts';

/** Makes every broker that is configured forget batteries, and prints which. */
export async function removeFromBrokers(
  devices: readonly string[],
  { options: given, config, signal }: CommandContext,
): Promise<number> {
  const wanted = [...(given().devices ?? []), ...devices];
  for (const each of settingsOf('mqtt', given(), given().mqtt !== undefined, config())) {
    const settings = await mqttSettings(each);
    const { title } = settings.broker;
    try {
      const removed = await removeFromBroker(settings, wanted, signal);
      for (const device of removed) await print(`${device} was removed from ${title}\n`);
      if (removed.length === 0) await print(`nothing was there to remove from ${title}\n`);
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      throw new LinkError(`${title}: ${reason}`, 'check the URL and the credentials', { cause: error });
    }
  }
  return exitCodes.ok;
}
