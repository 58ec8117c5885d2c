import { elapses, UbmscError, unlessAborted } from '@ubmsc/base';
import { LinkError } from '@ubmsc/session';
import { randomBytes } from 'node:crypto';
import { readCredentials } from './broker/credentials.ts';
import { BrokerLink, RefusedError, type IncomingMessage, type ProtocolVersion } from './broker/link.ts';
import { hostDevice } from './home-assistant/discovery.ts';
import { parseInfo } from './info.ts';
import type { MqttSettings } from './settings.ts';
import { topicsWith } from './topics.ts';

/** How long retained messages may take, in milliseconds. */
const RETAINED_TIME = 2000;

/**
 * Makes a broker, and Home Assistant, forget batteries: those with these names, addresses or ids whoever published
 * them; without any, all that this host has published, and the host. Resolves with what they were called.
 * @throws {LinkError} the broker cannot be reached, or refuses it.
 * @throws {UsageError} a file with credentials cannot be read.
 */
export async function removeFromBroker(
  settings: MqttSettings,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return await unlessAborted(remove(settings, wanted, signal), signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UbmscError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const hint = 'check the URL and the credentials';
    throw new LinkError(`${settings.broker.title}: ${reason}`, hint, { cause: error });
  }
}

async function remove(
  settings: MqttSettings,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const topics = topicsWith(settings.prefix, settings.discoveryPrefix);
  const { host } = settings;
  const kept = new Map<string, string>();
  const onMessage = ({ topic, payload }: IncomingMessage): void => void kept.set(topic, payload);
  await using link = await open(settings, onMessage, signal);
  await link.subscribe([topics.allInfo]);
  await elapses(RETAINED_TIME, signal);
  signal.throwIfAborted();
  const removed: string[] = [];
  const clear = async (topic: string): Promise<void> =>
    await link.publish({ topic, payload: '', retain: true, qos: 1 });
  for (const [topic, payload] of kept) {
    const id = topic.split('/').at(-2) ?? '';
    const info = parseInfo(payload);
    if (!info || topic !== topics.info(id)) continue;
    const names = new Set([id, info.device, info.address, info.name].map((name) => name?.toLowerCase()));
    const isWanted =
      wanted.length === 0 ? info.host === host : wanted.some((each) => names.has(each.toLowerCase()));
    if (!isWanted) continue;
    for (const each of [topics.discovery(`ubmsc_${id}`), topics.status(id), topics.settings(id), topic])
      await clear(each);
    removed.push(info.device);
  }
  if (wanted.length === 0) {
    for (const each of [topics.discovery(hostDevice(host)), topics.host(host)]) await clear(each);
  }
  return removed;
}

async function open(
  settings: MqttSettings,
  onMessage: (message: IncomingMessage) => void,
  signal: AbortSignal,
): Promise<BrokerLink> {
  const { broker, credentials } = settings;
  const options = {
    url: broker.url,
    credentials: await readCredentials({
      ...credentials,
      user: credentials.user ?? broker.user,
      password: credentials.password ?? broker.password,
    }),
    clientId: `ubmsc-remove-${randomBytes(4).toString('hex')}`,
    onMessage,
  };
  const [version, other]: readonly ProtocolVersion[] = settings.versions;
  try {
    return await BrokerLink.open({ ...options, version: version ?? 5 }, signal);
  } catch (error) {
    if (!(error instanceof RefusedError) || other === undefined) throw error;
    return await BrokerLink.open({ ...options, version: other }, signal);
  }
}
