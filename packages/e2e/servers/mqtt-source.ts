import {
  parseBrokerUrl,
  startMqtt,
  type MqttContext,
  type MqttSettings,
  type RunningMqtt,
} from '@ubmsc/mqtt';
import type { Reading } from '@ubmsc/protocol';
import type { BatteryStatus } from '@ubmsc/session';
import { MadeSource } from '@ubmsc/testing';

/** A run that publishes batteries whose readings and clock a test makes. */
export interface Publishing extends AsyncDisposable {
  readonly source: MadeSource;
  readonly running: RunningMqtt;
  /** A battery sends readings each second from now on, until it is silenced. */
  readonly sends: (values: Partial<Reading>, known?: Partial<BatteryStatus>) => void;
  readonly silence: () => void;
  /** The clock of the source goes on by this time, in ms. */
  readonly elapse: (time: number) => void;
}

/** What every battery of these tests has. */
const values: Partial<Reading> = {
  cellVoltage: [3.3, 3.31, 3.32, 3.33],
  batteryVoltage: 13.26,
  batteryCurrent: 1,
  batteryPower: 13.26,
  remainPercent: 80,
};

export async function publishing(
  broker: string,
  settings: Partial<MqttSettings> = {},
  isComplete = false,
  more: Pick<MqttContext, 'settingsOf' | 'logbook'> = {},
): Promise<Publishing> {
  const source = new MadeSource();
  const sending = new Map<string, () => void>();
  let began = performance.now();
  const timer = setInterval(() => {
    source.time = performance.now() - began;
    for (const send of sending.values()) send();
  }, 200);
  const running = await startMqtt(
    source,
    {
      broker: parseBrokerUrl(broker),
      credentials: {},
      versions: [5, 4],
      format: 'home-assistant',
      prefix: 'ubmsc',
      discoveryPrefix: 'homeassistant',
      interval: 1,
      host: 'one',
      ...settings,
    },
    { version: '1.2.3', isComplete: () => isComplete, ...more },
  );
  return {
    source,
    running,
    sends: (reading, known = {}) => {
      const send = (): void => source.read({ ...values, ...reading }, { staleAfter: 3000, ...known });
      sending.set(known.device ?? 'A', send);
      send();
    },
    silence: () => sending.clear(),
    elapse: (time) => void (began -= time),
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await running[Symbol.asyncDispose]();
    },
  };
}
