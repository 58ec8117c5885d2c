// Metrics of batteries whose links flap are pushed to two servers, while one thing after the other goes wrong. At the end
// each sample that was accepted is in both servers once, at its time.
import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startBank } from '../../servers/bank.ts';
import { describeWith, waitFor } from '../../servers/process.ts';
import { startPrometheus } from '../../servers/prometheus.ts';
import { acceptedBy, countsOf, repeated, type Counts, type StoredSeries } from '../../servers/stored.ts';
import { startVictoriaMetrics } from '../../servers/victoria-metrics.ts';
import { start, temporaryFolder, type Running } from '../../src/command.ts';
import { valueOn } from '../../src/exporter.ts';
import { FaultDriver } from '../fault-driver.ts';
import { openGate } from './gate.ts';

const MINUTES = Number(process.env['UBMSC_SOAK_MINUTES'] ?? '2');
const YEAR = 365 * 86_400_000;

/** How long each fault lasts, and the rest after it, in milliseconds. */
const LASTS = 15_000;
const REST = 5000;

/** Up time has a resolution of 10 ms, so that a time that was corrected is off by as much. */
const TOLERANCE = 60;

const report = (text: string): void => void process.stderr.write(`${text}\n`);

/** When samples were taken that were accepted while the clock was wrong: it was off by decades or by a year. */
function trueTime(time: number): number {
  if (time < Date.now() - 5 * YEAR) return time + 20 * YEAR;
  return time > Date.now() + YEAR / 2 ? time - YEAR : time;
}

/**
 * What was accepted and is not stored as it should be. What the exporter had written when it was killed, but not logged
 * yet, may be stored.
 */
function missing(accepted: Counts, stored: Counts, kills: readonly number[]): readonly string[] {
  const left = new Map(stored);
  const lost: string[] = [];
  for (const [logged, count] of accepted) {
    const time = trueTime(logged);
    const found = [...left.keys()].find((each) => Math.abs(each - time) <= TOLERANCE);
    if (found !== undefined && left.get(found) === count) left.delete(found);
    else lost.push(`${count} of ${time} (logged as ${logged}): ${found === undefined ? 0 : left.get(found)}`);
  }
  const others = [...left].filter(([time]) => !kills.some((kill) => Math.abs(kill - time) < 2000));
  return [...lost, ...others.map(([time, count]) => `${count} of ${time} were never accepted`)];
}

describeWith(['prometheus', 'victoria-metrics'], 'pushing to two servers', () => {
  test(`loses nothing in ${MINUTES} minutes of faults`, async () => {
    await using bank = await startBank(3);
    await using prometheus = await startPrometheus({ targets: [] });
    await using victoria = await startVictoriaMetrics({ dedup: true });
    await using folder = await temporaryFolder();
    await using gate1 = await openGate(prometheus.url, 'first');
    await using gate2 = await openGate(victoria.url, 'first');
    const gates = [gate1, gate2];
    const buffers = folder.file('buffers');
    const clock = folder.file('clock');
    const secret = folder.file('secret');
    await mkdir(buffers);
    await writeFile(clock, '0');
    await writeFile(secret, 'first');
    const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', buffers]).status === 0;
    await writeFile(
      folder.file('config.toml'),
      ['/api/v1/write', '/api/v1/import/prometheus']
        .map(
          (path, index) => `[[push]]
            url = "${gates[index]?.url}${path}"
            user = "site"
            password-file = "${secret}"
            interval = 1
            buffer = "${buffers}/${index}"\n`,
        )
        .join(''),
    );
    let log = '';
    const kills: number[] = [];
    const run = async (): Promise<{ readonly running: Running; readonly url: string }> => {
      const args = ['-e', '--adapter', bank.adapter, '--config', folder.file('config.toml')];
      const running = start([...args, '-u', 'http://127.0.0.1:0/metrics', '-l', 'ubmsc::exporter=debug'], {
        NODE_OPTIONS: `--import=${new URL('settable-clock.mjs', import.meta.url).href}`,
        UBMSC_SOAK_CLOCK: clock,
      });
      const url = / at (http:\S+)\n/.exec(await running.told('/metrics\n'))?.[1] ?? '';
      return { running, url };
    };
    let exporter = await run();
    const waiting = async (): Promise<number> => {
      const page = await (await fetch(exporter.url)).text();
      const values = gates.map(({ url }) => {
        const line = page
          .split('\n')
          .find((each) => each.startsWith(`ubmsc_push_queue_samples{target="${url}`));
        return Number(line?.split(' ').at(-1));
      });
      return values.reduce((sum, value) => sum + value, 0);
    };

    const faults: Readonly<Record<string, () => Promise<void>>> = {
      'Prometheus is killed': async () => {
        await prometheus.kill('SIGKILL');
        await sleep(LASTS);
        await prometheus.restart();
      },
      // What it has not written to its disk would be gone with SIGKILL, and is not ours to keep.
      'VictoriaMetrics ends': async () => {
        await victoria.kill('SIGTERM');
        await sleep(LASTS);
        await victoria.restart();
      },
      'the password changes, and comes back': async () => {
        for (const gate of gates) gate.password = 'second';
        await sleep(LASTS);
        for (const gate of gates) gate.password = 'first';
      },
      'the password changes, and is told of': async () => {
        const next = String(Math.random());
        for (const gate of gates) gate.password = next;
        await sleep(LASTS);
        await writeFile(secret, next);
        await sleep(REST);
        for (const gate of gates) gate.password = 'first';
        await writeFile(secret, 'first');
      },
      'there is a captive portal': async () => {
        for (const gate of gates) gate.isPortal = true;
        await sleep(LASTS);
        for (const gate of gates) gate.isPortal = false;
      },
      ...(isMounted && {
        'the disk is full': async () => {
          spawnSync('dd', ['if=/dev/zero', `of=${buffers}/filler`, 'bs=64k']);
          await sleep(LASTS);
          await rm(`${buffers}/filler`);
        },
      }),
      'the clock is a year ahead': async () => {
        await writeFile(clock, String(YEAR));
        await sleep(LASTS);
        await writeFile(clock, '0');
      },
      'the clock is twenty years behind': async () => {
        await writeFile(clock, String(-20 * YEAR));
        await sleep(LASTS);
        await writeFile(clock, '0');
      },
      'the exporter is killed while there is no server': async () => {
        await prometheus.kill('SIGKILL');
        await victoria.kill('SIGTERM');
        await sleep(LASTS);
        exporter.running.process.kill('SIGKILL');
        kills.push(Date.now());
        log += (await exporter.running.ended).stderr;
        exporter = await run();
        await prometheus.restart();
        await victoria.restart();
      },
    };

    try {
      const end = performance.now() + MINUTES * 60_000;
      const driver = new FaultDriver(bank.batteries, 1);
      let count = 0;
      while (performance.now() < end) {
        for (const [name, happens] of Object.entries(faults)) {
          if (performance.now() >= end) break;
          report(`${new Date().toISOString()} ${name}`);
          await happens();
          count++;
          await sleep(REST);
        }
      }
      driver[Symbol.dispose]();
      await waitFor('everything to be delivered', async () => (await waiting()) < 1000);
      const page = await (await fetch(exporter.url)).text();
      exporter.running.process.kill('SIGTERM');
      const ended = await exporter.running.ended;
      log += ended.stderr;
      const targets: readonly (readonly [string, readonly StoredSeries[]])[] = [
        ['/api/v1/write', await prometheus.stored()],
        ['/api/v1/import/prometheus', await victoria.stored()],
      ];
      for (const [index, [path, stored]] of targets.entries()) {
        const title = `${gates[index]?.url}${path}`;
        const own = log
          .split('\n')
          .filter((line) => line.includes(title))
          .join('\n');
        const accepted = new Map([...acceptedBy(own)].filter(([, samples]) => samples > 0));
        const counts = countsOf(stored);
        const sum = (of: Counts): number => [...of.values()].reduce((total, each) => total + each, 0);
        report(
          `${path}: ${sum(accepted)} samples of ${accepted.size} times were accepted, ${sum(counts)} of ${counts.size} are stored`,
        );
        const wrong = missing(accepted, counts, kills);
        report(wrong.slice(0, 20).join('\n'));
        expect(wrong).toEqual([]);
        expect(repeated(stored)).toEqual([]);
        expect(valueOn(page, `ubmsc_push_dropped_samples_total{reason="refused",target="${title}"}`)).toBe(0);
      }
      report(
        `${count} faults, ${[...driver.had.values()].reduce((total, each) => total + each, 0)} of links`,
      );
      expect(ended.code).toBe(0);
    } finally {
      exporter.running.process.kill('SIGKILL');
      if (isMounted) spawnSync('umount', [buffers]);
      await writeFile('push-soak.log', log);
    }
  });
});
