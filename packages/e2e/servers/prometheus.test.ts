import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { startExporter, valueOn } from '../src/exporter.ts';
import { startBank, type BankBattery } from './bank.ts';
import { describeWith, waitFor } from './process.ts';
import { startPrometheus, type QueriedSeries } from './prometheus.ts';

/** Voltages of all cells of a battery by the time of their scrape, in ms. */
function byTime(series: readonly QueriedSeries[], device: string): ReadonlyMap<number, number[]> {
  const times = new Map<number, number[]>();
  for (const { metric, values } of series) {
    if (metric['device'] !== device) continue;
    for (const [time, value] of values) {
      const cells = times.get(time * 1000) ?? [];
      cells[Number(metric['cell'])] = value;
      times.set(time * 1000, cells);
    }
  }
  return times;
}

/** A reading is shown while it is younger than this, in ms. */
const STALE_AFTER = 10_000;

/** Whether a battery has sent just these voltages, at a time at which they were still true at another. */
function hasSent({ sent }: BankBattery, voltages: readonly number[], time: number): boolean {
  return sent.some(
    (cells) =>
      cells.time <= time &&
      cells.time > time - STALE_AFTER &&
      cells.voltages.length === voltages.length &&
      cells.voltages.every((voltage, cell) => voltage === voltages[cell]),
  );
}

describeWith(['prometheus', 'promtool'], 'Prometheus', () => {
  test('has of every cell of three batteries what they sent, until one vanishes', async () => {
    await using bank = await startBank(3);
    const names = bank.batteries.flatMap(({ name }) => ['-d', name]);
    await using exporter = await startExporter('export', '--adapter', bank.adapter, ...names);
    await using prometheus = await startPrometheus({ targets: [exporter.url] });
    const cells = bank.batteries.reduce((sum, { sent }) => sum + (sent[0]?.voltages.length ?? 4), 0);
    await waitFor('every cell', async () => (await prometheus.query('cell_voltage')).length === cells);
    await waitFor('some scrapes', async () => {
      const [series] = await prometheus.query('cell_voltage[5m]');
      return (series?.values.length ?? 0) >= 8;
    });

    const scraped = await prometheus.query('cell_voltage[5m]');
    for (const battery of bank.batteries) {
      const times = byTime(scraped, battery.name);
      expect(times.size).toBeGreaterThan(5);
      const wrong = [...times].filter(([time, voltages]) => !hasSent(battery, voltages, time));
      expect(wrong).toEqual([]);
      // They moved, so they could have been wrong.
      expect(new Set([...times.values()].map(String)).size).toBeGreaterThan(2);
    }

    const [gone, ...others] = bank.batteries;
    await gone?.vanish();
    const device = `device="${gone?.name}"`;
    await waitFor('the page to show nothing of it', async () => {
      const page = await exporter.page();
      return valueOn(page, `ubmsc_device_up{${device}}`) === 0 && !page.includes(`cell_voltage{${device}`);
    });
    const scrapes = async (): Promise<number> => (await prometheus.query('up[5m]'))[0]?.values.length ?? 0;
    const before = await scrapes();
    await waitFor('two more scrapes', async () => (await scrapes()) >= before + 2);
    expect(await prometheus.query(`{${device}, __name__!~"ubmsc_.*"}`)).toEqual([]);
    expect((await prometheus.query(`ubmsc_device_up{${device}}`))[0]?.values[0]?.[1]).toBe(0);
    const left = await prometheus.query('count by (device) (cell_voltage)');
    expect(new Set(left.map(({ metric }) => metric['device']))).toEqual(
      new Set(others.map(({ name }) => name)),
    );
  });

  test('objects to no name but those that are older than this exporter', async () => {
    await using bank = await startBank(1);
    await using exporter = await startExporter('export', '--adapter', bank.adapter);
    await waitFor('a reading', async () => (await exporter.page()).includes('cell_voltage{'));
    const input = await exporter.page();
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    const names = `${stdout}${stderr}`
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(new Set(names)).toEqual(new Set(['cycle_capacity', 'cycle_count', 'poweron_times', 'up_time']));
    expect(status).toBe(3);
  });
});
