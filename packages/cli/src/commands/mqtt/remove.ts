import { removeFromBroker } from '@ubmsc/mqtt';
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
    const removed = await removeFromBroker(settings, wanted, signal);
    for (const device of removed) await print(`${device} was removed from ${title}\n`);
    if (removed.length === 0) await print(`nothing was there to remove from ${title}\n`);
  }
  return exitCodes.ok;
}
