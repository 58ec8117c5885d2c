import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { parseBrokerUrl } from './broker/parse-url.ts';
import { removeFromBroker } from './remove.ts';
import { mqttVersions, type MqttSettings } from './settings.ts';

function settingsFor(port: number): MqttSettings {
  return {
    broker: parseBrokerUrl(`mqtt://127.0.0.1:${port}`),
    credentials: {},
    versions: mqttVersions['3.1.1'],
    format: 'home-assistant',
    prefix: 'ubmsc',
    discoveryPrefix: 'homeassistant',
    interval: 10,
    host: 'one',
  };
}

test('a broker that cannot be reached is an error that says so', async () => {
  const { signal } = new AbortController();
  await expect(removeFromBroker(settingsFor(1), [], signal)).rejects.toMatchObject({
    name: 'LinkError',
    message: expect.stringMatching(/^mqtt:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/),
    hint: 'check the URL and the credentials',
  });
});

test('a broker that confirms nothing is given up with the reason of the signal', async () => {
  const gaveUp = new AbortController();
  const broker = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(Uint8Array.of(0x20, 2, 0, 0)); // CONNACK
      socket.once('data', () => gaveUp.abort(new Error('enough')));
    });
    onTestFinished(() => void socket.destroy());
  });
  onTestFinished(() => void broker.close());
  const port = await new Promise<number>((resolve) => {
    broker.listen(0, '127.0.0.1', () => {
      const address = broker.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await expect(removeFromBroker(settingsFor(port), [], gaveUp.signal)).rejects.toThrow('enough');
});
