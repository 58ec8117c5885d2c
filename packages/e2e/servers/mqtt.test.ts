import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { discoveryProblems } from '@ubmsc/testing';
import { expect, test } from 'vitest';
import { start, temporaryFolder, ubmsc, type Running } from '../src/command.ts';
import { startBank } from './bank.ts';
import { startMosquitto, type Mosquitto } from './mosquitto.ts';
import { describeWith } from './process.ts';

const DEVICE = 'ubmsc_sim_c84780000001';
const BATTERY = 'ubmsc/sim_c84780000001';

const patience = { timeout: 40_000, interval: 200 };

/** What a subscriber that comes late reads of a topic. */
const kept = (mosquitto: Mosquitto, topic: string) => async (): Promise<string | undefined> =>
  (await mosquitto.kept()).get(topic);

describeWith(['mosquitto'], 'ubmsc mqtt', () => {
  const publish = async (
    broker: string,
    adapter: string,
    ...more: readonly string[]
  ): Promise<AsyncDisposable & { readonly running: Running }> => {
    const folder = await temporaryFolder();
    const args = [
      'mqtt',
      '--adapter',
      adapter,
      '--mqtt',
      broker,
      '--mqtt-id',
      'one',
      '--mqtt-interval',
      '1',
      ...more,
    ];
    const running = start(args, { XDG_STATE_HOME: folder.path });
    return {
      running,
      [Symbol.asyncDispose]: async () => {
        running.process.kill('SIGKILL');
        await running.ended;
        await folder[Symbol.asyncDispose]();
      },
    };
  };

  test('makes each battery a device that Home Assistant takes, with energy totals, and sends its state', async () => {
    await using mosquitto = await startMosquitto();
    await using listener = await mosquitto.listen();
    await using run = await publish(mosquitto.broker, 'sim:2');
    for (const id of ['c84780000001', 'c84780000002']) {
      await expect.poll(() => listener.count(`ubmsc/sim_${id}/state`), patience).toBeGreaterThan(2);
      const state: unknown = JSON.parse(listener.messages.get(`ubmsc/sim_${id}/state`) ?? '');
      expect(state).toMatchObject({
        battery_voltage: expect.any(Number),
        energy_charged: expect.any(Number),
      });
    }
    const messages = await mosquitto.kept();
    const payloads = [...messages].filter(([topic]) => topic.startsWith('homeassistant/'));
    expect(payloads).toHaveLength(3);
    for (const [topic, payload] of payloads) expect(discoveryProblems(topic, payload)).toEqual([]);
    expect(messages.get('ubmsc/host/one/status')).toBe('online');
    expect(messages.get(`${BATTERY}/status`)).toBe('online');
    expect([...messages.keys()].filter((topic) => /\/(state|event)$/.test(topic))).toEqual([]);
    run.running.process.kill('SIGTERM');
    expect((await run.running.ended).code).toBe(0);
    const after = await mosquitto.kept();
    expect(after.get('ubmsc/host/one/status')).toBe('offline');
    expect(after.get(`${BATTERY}/status`)).toBe('offline');
  });

  test('that is killed is offline by its will, and no value of it can be read', async () => {
    await using mosquitto = await startMosquitto();
    await using run = await publish(mosquitto.broker, 'sim');
    await expect.poll(kept(mosquitto, 'ubmsc/host/one/status'), patience).toBe('online');
    run.running.process.kill('SIGKILL');
    await expect.poll(kept(mosquitto, 'ubmsc/host/one/status'), patience).toBe('offline');
    expect([...(await mosquitto.kept()).keys()].filter((topic) => topic.endsWith('/state'))).toEqual([]);
    // Started again without its battery, it is online and the battery is not.
    await using other = await publish(mosquitto.broker, 'sim:2', '-d', 'UPS_BMS_2');
    await expect.poll(kept(mosquitto, 'ubmsc/host/one/status'), patience).toBe('online');
    expect((await mosquitto.kept()).get(`${BATTERY}/status`)).toBe('offline');
    expect(other.running.process.exitCode).toBeNull();
  });

  test('that hangs is offline by the keep-alive, and online again when it goes on', async () => {
    await using mosquitto = await startMosquitto();
    await using run = await publish(mosquitto.broker, 'sim');
    await expect.poll(kept(mosquitto, 'ubmsc/host/one/status'), patience).toBe('online');
    run.running.process.kill('SIGSTOP');
    await expect.poll(kept(mosquitto, 'ubmsc/host/one/status'), patience).toBe('offline');
    run.running.process.kill('SIGCONT');
    await expect.poll(kept(mosquitto, 'ubmsc/host/one/status'), patience).toBe('online');
  });

  test('shows a battery that vanishes as offline within its stale time', async () => {
    await using mosquitto = await startMosquitto();
    await using bank = await startBank(1);
    await using run = await publish(mosquitto.broker, bank.adapter);
    await expect.poll(kept(mosquitto, `${BATTERY}/status`), patience).toBe('online');
    await bank.batteries[0]?.vanish();
    await expect.poll(kept(mosquitto, `${BATTERY}/status`), { ...patience, timeout: 20_000 }).toBe('offline');
    expect((await mosquitto.kept()).get('ubmsc/host/one/status')).toBe('online');
    expect(run.running.process.exitCode).toBeNull();
  });

  test('waits for a broker that is not there, and publishes all again to one that has forgotten everything', async () => {
    await using mosquitto = await startMosquitto();
    await mosquitto.kill('SIGKILL');
    await using run = await publish(mosquitto.broker, 'sim');
    await run.running.told('it is tried again');
    await mosquitto.restart();
    const topics = [
      `homeassistant/device/${DEVICE}/config`,
      `${BATTERY}/status`,
      `${BATTERY}/info`,
      'ubmsc/host/one/status',
    ];
    for (let time = 0; time < 2; time++) {
      await expect
        .poll(async () => [...(await mosquitto.kept()).keys()], patience)
        .toEqual(expect.arrayContaining(topics));
      await mosquitto.kill('SIGKILL');
      await mosquitto.restart();
    }
  });

  test('tries again after a refused login, with what the file holds by then', async () => {
    await using folder = await temporaryFolder();
    spawnSync('mosquitto_passwd', ['-b', '-c', folder.file('users'), 'anna', 'right']);
    await writeFile(folder.file('password'), 'wrong\n');
    await using mosquitto = await startMosquitto(`password_file ${folder.file('users')}`);
    const credentials = ['--mqtt-user', 'anna', '--mqtt-password-file', folder.file('password')];
    await using run = await publish(mosquitto.broker, 'sim', ...credentials);
    expect(await run.running.told('it is tried again')).toMatch(/[Nn]ot authorized|password/);
    await writeFile(folder.file('password'), 'right\n');
    const read = async (): Promise<string | undefined> =>
      (await mosquitto.kept({ username: 'anna', password: 'right' })).get('ubmsc/host/one/status');
    await expect.poll(read, patience).toBe('online');
  });

  test('--remove makes the broker forget what it has published', async () => {
    await using mosquitto = await startMosquitto();
    await mosquitto.publish('ubmsc/elsewhere/info', '{"host":"other","device":"theirs"}', true);
    {
      await using run = await publish(mosquitto.broker, 'sim');
      await expect.poll(kept(mosquitto, `${BATTERY}/status`), patience).toBe('online');
      run.running.process.kill('SIGTERM');
      await run.running.ended;
    }
    const { code, stdout } = await ubmsc('mqtt', '--mqtt', mosquitto.broker, '--mqtt-id', 'one', '--remove');
    expect([code, stdout]).toEqual([0, `UPS_BMS was removed from ${mosquitto.broker}\n`]);
    expect([...(await mosquitto.kept()).keys()]).toEqual(['ubmsc/elsewhere/info']);
  });

  test('asks for a broker, and says when one cannot be reached', async () => {
    expect((await ubmsc('mqtt', '--adapter', 'sim')).stderr).toContain('no broker is given; add one');
    const { code, stderr } = await ubmsc('mqtt', '--mqtt', 'mqtt://127.0.0.1:1', '--remove');
    expect([code, stderr]).toEqual([5, expect.stringContaining('mqtt://127.0.0.1:1')]);
  });
});
