import { counter, gauge } from '@ubmsc/exporter';
import type { MqttSettings } from '@ubmsc/mqtt';
import { layouts } from '@ubmsc/protocol';
import type { BatteryStatus } from '@ubmsc/session';
import type { GeneralOptions } from '../../command-line/general-options.ts';
import { recordEntries } from '../../records/record-entries.ts';
import { isSetting } from '../../records/settings-entries.ts';
import type { Output, OutputSettings } from '../output.ts';
import { mqttDetails, type MqttOptions } from './options.ts';

type Given = GeneralOptions & MqttOptions;

/** Publishes readings over MQTT, with discovery for Home Assistant. */
export const mqtt: Output<Given> = {
  idle: { options: mqttDetails, hint: 'nothing is published: add --mqtt' },
  keepsState: true,
  isWanted: (options) => options.mqtt !== undefined,
  prepare: async (given) => {
    const settings = await mqttSettings(given);
    return async ({ source, subject, version, isComplete, logbook }) => {
      const { startMqtt } = await import('@ubmsc/mqtt');
      const running = await startMqtt(source, settings, { version, isComplete, settingsOf, logbook });
      const { title } = settings.broker;
      return {
        announcement: `readings of ${subject} are published to ${title}`,
        target: title,
        problem: () => running.counters.problem,
        families: () => {
          const { connected, messages, failures } = running.counters;
          return [
            gauge(
              'ubmsc_mqtt_connected',
              '1 while there is a connection to the broker, 0 otherwise',
              Number(connected),
            ),
            counter('ubmsc_mqtt_messages_total', 'Messages that were published', messages),
            counter(
              'ubmsc_mqtt_failures_total',
              'Connections to the broker that failed or were lost',
              failures,
            ),
          ];
        },
        [Symbol.asyncDispose]: async () => await running[Symbol.asyncDispose](),
      };
    };
  },
};

/** How a device is set, by the names that `ubmsc settings` has, without passcodes. */
function settingsOf({ settings }: BatteryStatus): object | undefined {
  if (!settings) return undefined;
  const entries = recordEntries(settings.frame, layouts[settings.variant].settings, {});
  return Object.fromEntries(
    entries.filter(({ key }) => isSetting(key)).map(({ key, value }) => [key, value]),
  );
}

/**
 * What the options say of one broker.
 * @throws {UsageError} its URL is not valid.
 */
export async function mqttSettings({ options, environment }: OutputSettings<Given>): Promise<MqttSettings> {
  const { hostId, mqttVersions, parseBrokerUrl } = await import('@ubmsc/mqtt');
  return {
    broker: parseBrokerUrl(options.mqtt ?? ''),
    credentials: {
      user: options.mqttUser,
      password: environment['UBMSC_MQTT_PASSWORD'],
      passwordFile: options.mqttPasswordFile,
      caFile: options.mqttCaFile,
      certFile: options.mqttCertFile,
      keyFile: options.mqttKeyFile,
    },
    versions: mqttVersions[options.mqttVersion],
    format: options.mqttFormat,
    prefix: options.mqttPrefix,
    discoveryPrefix: options.mqttDiscoveryPrefix,
    interval: options.mqttInterval,
    host: options.mqttId ?? hostId(options.adapter),
  };
}
