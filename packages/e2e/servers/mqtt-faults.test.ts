import { FRAME_LENGTH, sealFrame } from '@ubmsc/protocol';
import { discoveryProblems } from '@ubmsc/testing';
import { expect, test } from 'vitest';
import { startMosquitto, type Mosquitto } from './mosquitto.ts';
import { publishing } from './mqtt-source.ts';
import { describeWith } from './process.ts';

const CONFIG = 'homeassistant/device/ubmsc_c84780000001/config';
const STATUS = 'ubmsc/c84780000001/status';
const STATE = 'ubmsc/c84780000001/state';
const INFO = 'ubmsc/c84780000001/info';
const HOST = 'ubmsc/host/one/status';

const patience = { timeout: 40_000, interval: 200 };

const kept = (mosquitto: Mosquitto, topic: string) => async (): Promise<string | undefined> =>
  (await mosquitto.kept()).get(topic);

interface Discovery {
  readonly device: { readonly name: string };
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

async function discoveryOn(mosquitto: Mosquitto): Promise<Discovery> {
  const payload = await kept(mosquitto, CONFIG)();
  const discovery: Discovery = JSON.parse(payload ?? '{"device":{"name":""},"components":{}}');
  return discovery;
}

const hostOf = (info: string | undefined): unknown => {
  const value: { host?: unknown } = JSON.parse(info ?? '{}');
  return value.host;
};

describeWith(['mosquitto'], 'publishing to a broker', () => {
  test.each([
    ['5', [5]],
    ['3.1.1', [4]],
  ] as const)('never keeps a value on it, with MQTT %s', async (_, versions) => {
    await using mosquitto = await startMosquitto();
    await using listener = await mosquitto.listen();
    await using run = await publishing(mosquitto.broker, { versions });
    run.sends({});
    await expect.poll(() => listener.count(STATE), patience).toBeGreaterThan(1);
    expect((await mosquitto.kept()).has(STATE)).toBe(false);
    run.silence();
    await expect.poll(kept(mosquitto, STATUS), patience).toBe('offline');
    const count = listener.count(STATE);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(listener.count(STATE)).toBe(count);
  });

  test('is not disturbed by junk that somebody has left there', async () => {
    await using mosquitto = await startMosquitto();
    const junk = [
      '{',
      '[]',
      '{"host":"one"}',
      '{"host":"one","device":"x","components":[1]}',
      '\0',
      'x'.repeat(100_000),
    ];
    for (const [index, text] of junk.entries())
      await mosquitto.publish(`ubmsc/junk${index}/info`, text, true);
    await mosquitto.publish('homeassistant/status', 'online', true);
    await mosquitto.publish(HOST, 'offline', true);
    await mosquitto.publish(INFO, 'not JSON', true);
    await using run = await publishing(mosquitto.broker);
    run.sends({});
    await expect.poll(kept(mosquitto, STATUS), patience).toBe('online');
    await expect.poll(kept(mosquitto, HOST), patience).toBe('online');
  });

  test('answers the will of an old connection that comes late', async () => {
    await using mosquitto = await startMosquitto();
    await using run = await publishing(mosquitto.broker);
    run.sends({});
    await expect.poll(kept(mosquitto, HOST), patience).toBe('online');
    await mosquitto.publish(HOST, 'offline', true);
    await expect.poll(kept(mosquitto, HOST), patience).toBe('online');
  });

  test('sends discovery and state again when Home Assistant has started', async () => {
    await using mosquitto = await startMosquitto();
    await using listener = await mosquitto.listen();
    await using run = await publishing(mosquitto.broker, { interval: 1000 });
    run.sends({});
    // The first state, and the two that follow the discovery.
    await expect.poll(() => listener.count(STATE), patience).toBe(3);
    const before = listener.count(CONFIG);
    await mosquitto.publish('homeassistant/status', 'online');
    await expect.poll(() => listener.count(CONFIG), patience).toBe(before + 1);
    await expect.poll(() => listener.count(STATE), patience).toBe(6);
  });

  test('two runs on one battery: who reads it shows it, and the other never says that it is offline', async () => {
    await using mosquitto = await startMosquitto();
    await using one = await publishing(mosquitto.broker);
    one.sends({});
    await expect.poll(kept(mosquitto, STATUS), patience).toBe('online');
    await using other = await publishing(mosquitto.broker, { host: 'other' });
    other.source.know({ state: 'searching' });
    await expect.poll(kept(mosquitto, 'ubmsc/host/other/status'), patience).toBe('online');
    await using listener = await mosquitto.listen();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(listener.count(STATUS)).toBe(1);
    expect(listener.messages.get(STATUS)).toBe('online');
    // The battery goes over to the other run.
    one.silence();
    other.sends({});
    await expect
      .poll(async () => hostOf((await mosquitto.kept()).get(INFO)), { ...patience, timeout: 60_000 })
      .toBe('other');
    await expect.poll(kept(mosquitto, STATUS), patience).toBe('online');
    expect(JSON.stringify(await discoveryOn(mosquitto))).toContain('ubmsc/host/other/status');
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(await kept(mosquitto, STATUS)()).toBe('online');
  }, 180_000);

  test.each(['roof/+/#', '🔋 "pack"', 'a\0b', '\u{202e}evil', 'x'.repeat(300)])(
    'a battery that is called %j has topics of its address',
    async (device) => {
      await using mosquitto = await startMosquitto();
      await using run = await publishing(mosquitto.broker);
      run.sends({}, { device });
      await expect.poll(kept(mosquitto, STATUS), patience).toBe('online');
      const payload = (await mosquitto.kept()).get(CONFIG) ?? '';
      expect(discoveryProblems(CONFIG, payload)).toEqual([]);
      expect((await discoveryOn(mosquitto)).device.name).not.toMatch(/[\0\u{202e}]/u);
    },
  );

  test('an alias that changes changes the name alone', async () => {
    await using mosquitto = await startMosquitto();
    {
      await using run = await publishing(mosquitto.broker);
      run.sends({}, { device: 'house' });
      await expect.poll(async () => (await discoveryOn(mosquitto)).device.name, patience).toBe('house');
    }
    const before = await discoveryOn(mosquitto);
    await using run = await publishing(mosquitto.broker);
    run.sends({}, { device: 'van' });
    await expect.poll(async () => (await discoveryOn(mosquitto)).device.name, patience).toBe('van');
    expect((await discoveryOn(mosquitto)).components).toEqual(before.components);
  });

  test('a cell that is there no more is taken away, also when an earlier run has shown it', async () => {
    await using mosquitto = await startMosquitto();
    {
      await using run = await publishing(mosquitto.broker);
      run.sends({});
      await expect.poll(kept(mosquitto, STATUS), patience).toBe('online');
    }
    expect((await discoveryOn(mosquitto)).components).toHaveProperty('cell_voltage_4');
    await using run = await publishing(mosquitto.broker);
    run.sends({ cellVoltage: [3.3, 3.31, 3.32] });
    // Once by its platform alone, and then not at all.
    await expect
      .poll(async () => (await discoveryOn(mosquitto)).components['cell_voltage_4'], patience)
      .toEqual({ platform: 'sensor' });
    await expect
      .poll(async () => Object.keys((await discoveryOn(mosquitto)).components), patience)
      .not.toContain('cell_voltage_4');
    run.sends({});
    await expect
      .poll(async () => (await discoveryOn(mosquitto)).components['cell_voltage_4'], patience)
      .toMatchObject({ platform: 'sensor', device_class: 'voltage' });
  });

  test('a battery that has left the configuration is removed', async () => {
    await using mosquitto = await startMosquitto();
    {
      await using run = await publishing(mosquitto.broker);
      run.sends({});
      run.sends({}, { device: 'B', address: 'C8:47:80:00:00:02' });
      await expect.poll(kept(mosquitto, 'ubmsc/c84780000002/status'), patience).toBe('online');
    }
    await using run = await publishing(mosquitto.broker, {}, true);
    run.sends({});
    await expect
      .poll(
        async () => [...(await mosquitto.kept()).keys()].filter((topic) => topic.includes('c84780000002')),
        patience,
      )
      .toEqual([]);
    expect(await kept(mosquitto, STATUS)()).toBe('online');
  });

  test.each([
    ['5', [5]],
    ['3.1.1', [4]],
  ] as const)(
    'what is larger than the broker takes is left out, all else is published, with MQTT %s',
    async (_, versions) => {
      await using mosquitto = await startMosquitto('max_packet_size 4000');
      await using listener = await mosquitto.listen();
      await using run = await publishing(mosquitto.broker, { versions });
      run.sends({});
      await expect.poll(() => listener.count(STATE), { ...patience, timeout: 90_000 }).toBeGreaterThan(2);
      expect(await kept(mosquitto, STATUS)()).toBe('online');
    },
    180_000,
  );

  test('two runs of one name: neither throws the other out', async () => {
    await using mosquitto = await startMosquitto();
    await using one = await publishing(mosquitto.broker);
    await using other = await publishing(mosquitto.broker);
    one.sends({});
    other.sends({}, { device: 'B', address: 'C8:47:80:00:00:02' });
    await expect.poll(kept(mosquitto, STATUS), patience).toBe('online');
    await expect.poll(kept(mosquitto, 'ubmsc/c84780000002/status'), patience).toBe('online');
    expect([one, other].map(({ running }) => running.counters.failures)).toEqual([0, 0]);
  });

  test('keeps how a battery is set, and sends what it writes down from now on', async () => {
    await using mosquitto = await startMosquitto();
    await using listener = await mosquitto.listen();
    let entries = [{ code: 1, text: 'boot', timestamp: 5, time: null }];
    await using run = await publishing(mosquitto.broker, {}, false, {
      settingsOf: ({ settings }) => settings && { balancing: true },
      logbook: async () => await Promise.resolve(entries),
    });
    const frame = sealFrame('settings', new Uint8Array(FRAME_LENGTH));
    run.sends({}, { settings: { frame, variant: 'jk02-32s' } });
    await expect
      .poll(kept(mosquitto, 'ubmsc/c84780000001/settings'), patience)
      .toBe(JSON.stringify({ balancing: true }));
    // The entity follows when the device has answered once.
    await expect
      .poll(async () => (await discoveryOn(mosquitto)).components['logbook'], patience)
      .toMatchObject({ platform: 'event', state_topic: 'ubmsc/c84780000001/logbook' });
    const payload = (await mosquitto.kept()).get(CONFIG) ?? '';
    expect(discoveryProblems(CONFIG, payload)).toEqual([]);
    expect(listener.count('ubmsc/c84780000001/logbook')).toBe(0);
    entries = [...entries, { code: 0x66, text: 'cell 3 over-charge', timestamp: 9, time: null }];
    run.elapse(300_000);
    await expect
      .poll(() => listener.messages.get('ubmsc/c84780000001/logbook'), patience)
      .toBe(
        JSON.stringify({
          event_type: 'cell_over_charge',
          time: null,
          run_time: 9,
          code: 0x66,
          text: 'cell 3 over-charge',
        }),
      );
    expect((await mosquitto.kept()).has('ubmsc/c84780000001/logbook')).toBe(false);
  });
});
