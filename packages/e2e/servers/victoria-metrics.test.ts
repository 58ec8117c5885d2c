import { once } from 'node:events';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../src/command.ts';
import { startExporter, valueOn, type RunningExporter } from '../src/exporter.ts';
import { startBank } from './bank.ts';
import { describeWith, waitFor } from './process.ts';
import { acceptedBy, countsOf, repeated, since } from './stored.ts';
import { startVictoriaMetrics, type VictoriaMetrics } from './victoria-metrics.ts';

/** Waits until this number of samples wait to be pushed; returns the time of the oldest. */
async function untilWaiting(exporter: RunningExporter, samples: number): Promise<number> {
  let oldest = Number.NaN;
  await waitFor(`${samples} samples that wait`, async () => {
    const page = await exporter.page();
    oldest = Math.round((valueOn(page, 'ubmsc_push_queue_oldest_timestamp_seconds') ?? Number.NaN) * 1000);
    return (valueOn(page, 'ubmsc_push_queue_samples') ?? 0) >= samples;
  });
  return oldest;
}

async function untilNothingWaits(exporter: RunningExporter): Promise<void> {
  await waitFor('everything to be delivered', async () => {
    return valueOn(await exporter.page(), 'ubmsc_push_queue_samples') === 0;
  });
}

async function untilStored(victoria: VictoriaMetrics, cells: number): Promise<void> {
  await waitFor(`${cells} cells to be stored`, async () => {
    const stored = await victoria.stored();
    return stored.filter(({ metric }) => metric['__name__'] === 'cell_voltage').length === cells;
  });
}

/** The exporter, with what makes it push. */
async function pushing(
  adapter: string,
  { importUrl }: VictoriaMetrics,
  ...more: readonly string[]
): Promise<RunningExporter> {
  const push = ['--push-url', importUrl, '-s', '0.2', '-l', 'ubmsc::exporter=debug'];
  return await startExporter('export', '--adapter', adapter, ...push, ...more);
}

describeWith(['victoria-metrics'], 'VictoriaMetrics', () => {
  test.each([
    ['memory', false],
    ['disk', true],
  ])('has every sample of an outage at its own time, none twice, from %s', async (_, onDisk) => {
    await using bank = await startBank(3);
    await using victoria = await startVictoriaMetrics();
    await using folder = await temporaryFolder();
    const buffer = onDisk ? ['--buffer', folder.file('buffer')] : [];
    await using exporter = await pushing(bank.adapter, victoria, ...buffer);
    await untilStored(victoria, 12);

    await victoria.kill('SIGKILL');
    const oldest = await untilWaiting(exporter, 5000);
    await victoria.restart();
    await untilNothingWaits(exporter);
    exporter.running.process.kill('SIGTERM');
    const { code, stderr } = await exporter.running.ended;
    expect(code).toBe(0);

    const stored = await victoria.stored(oldest);
    const accepted = since(acceptedBy(stderr), oldest);
    expect(accepted.size).toBeGreaterThan(8);
    expect(countsOf(stored)).toEqual(accepted);
    expect(repeated(stored)).toEqual([]);
  });

  test('has every sample that was accepted by an exporter that was killed during the outage', async () => {
    await using bank = await startBank(3);
    await using victoria = await startVictoriaMetrics();
    await using folder = await temporaryFolder();
    const buffer = ['--buffer', folder.file('buffer')];
    await using killed = await pushing(bank.adapter, victoria, ...buffer);
    await untilStored(victoria, 12);

    await victoria.kill('SIGKILL');
    const oldest = await untilWaiting(killed, 3000);
    killed.running.process.kill('SIGKILL');
    const { stderr } = await killed.running.ended;
    await using next = await pushing(bank.adapter, victoria, ...buffer);
    await untilWaiting(next, 4000);
    await victoria.restart();
    await untilNothingWaits(next);
    next.running.process.kill('SIGTERM');
    const ended = await next.running.ended;

    const stored = await victoria.stored(oldest);
    const accepted = since(acceptedBy(stderr + ended.stderr), oldest);
    expect(accepted.size).toBeGreaterThan(8);
    expect(countsOf(stored)).toEqual(accepted);
    expect(repeated(stored)).toEqual([]);
  });

  test('is killed and so is the exporter, again and again, and nothing that was accepted is lost', async () => {
    await using victoria = await startVictoriaMetrics();
    await using folder = await temporaryFolder();
    const buffer = ['--buffer', folder.file('buffer')];
    await victoria.kill('SIGTERM');
    let log = '';
    for (const [round, delay] of [50, 200, 450].entries()) {
      const exporter = await pushing('sim', victoria, ...buffer);
      await untilWaiting(exporter, 250 * (round + 1));
      await new Promise((resolve) => setTimeout(resolve, delay));
      exporter.running.process.kill('SIGKILL');
      log += (await exporter.running.ended).stderr;
    }
    await victoria.restart();
    const last = await pushing('sim', victoria, ...buffer);
    await untilNothingWaits(last);
    last.running.process.kill('SIGKILL');
    await once(last.running.process, 'exit');
    const stored = await victoria.stored();
    const counts = countsOf(stored);
    const missing = [...acceptedBy(log)].filter(([time, count]) => counts.get(time) !== count);
    expect(missing).toEqual([]);
    expect(acceptedBy(log).size).toBeGreaterThan(3);
    expect(repeated(stored)).toEqual([]);
  });
});
