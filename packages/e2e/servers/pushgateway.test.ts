import { expect, test } from 'vitest';
import { start, ubmsc } from '../src/command.ts';
import { startBank } from './bank.ts';
import { describeWith, waitFor } from './process.ts';
import { startPushgateway, type PushedGroup } from './pushgateway.ts';

/** Names of the batteries that a group tells of. */
function devices({ series }: PushedGroup): readonly string[] {
  const names = series.map(({ labels }) => labels['device']).filter((name) => name !== undefined);
  return [...new Set(names)].toSorted();
}

describeWith(['prometheus-pushgateway'], 'a Pushgateway', () => {
  test('shows what was pushed once, and nothing of what was there before', async () => {
    await using bank = await startBank(2);
    await using gateway = await startPushgateway();
    const url = `${gateway.url}/metrics/job/ubmsc/instance/house`;
    const args = ['-p', '-u', url, '--adapter', bank.adapter];
    expect(await ubmsc(...args, '-d', 'UPS_BMS', '-d', 'UPS_BMS_2')).toMatchObject({ code: 0, stderr: '' });
    const [group] = await gateway.groups();
    expect(group?.labels).toEqual({ job: 'ubmsc', instance: 'house' });
    expect(group && devices(group)).toEqual(['UPS_BMS', 'UPS_BMS_2']);
    const first = bank.batteries[0];
    const cells = group?.series.filter(
      ({ name, labels }) => name === 'cell_voltage' && labels['device'] === 'UPS_BMS',
    );
    const voltages = cells
      ?.toSorted((one, other) => Number(one.labels['cell']) - Number(other.labels['cell']))
      .map(({ value }) => value);
    expect(first?.sent.map((sent) => sent.voltages)).toContainEqual(voltages);

    expect((await ubmsc(...args, '-d', 'UPS_BMS_2')).code).toBe(0);
    const [replaced] = await gateway.groups();
    expect(replaced && devices(replaced)).toEqual(['UPS_BMS_2']);
  });

  test('gets the latest again and again, after an outage too', async () => {
    await using bank = await startBank(1);
    await using gateway = await startPushgateway();
    const url = `${gateway.url}/metrics/job/ubmsc`;
    const running = start(['-e', '-p', '-s', '0.5', '-u', url, '--adapter', bank.adapter]);
    const shown = async (): Promise<boolean> => {
      const [group] = await gateway.groups();
      return group?.series.some(({ name }) => name === 'cell_voltage') ?? false;
    };
    await waitFor('the first push', shown);
    await gateway.kill('SIGKILL');
    await running.told('does not take samples');
    await gateway.restart();
    await waitFor('a push after the outage', shown);
    // The page of the gateway itself fails when something that was pushed does not go with the rest.
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(200);
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
});
