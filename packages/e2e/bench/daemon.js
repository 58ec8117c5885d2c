// What the exporter takes of a machine while it reads three batteries and is scraped, as it does for years.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { printTable, showProgress, spread } from './measure.js';

const command = fileURLToPath(new URL('../../cli/bin/ubmsc.cjs', import.meta.url));

// Node reads these certificates at its start, which takes memory.
const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env;

/** As often as Prometheus scrapes by default settings of its examples, in milliseconds. */
const SCRAPE_INTERVAL = 15_000;

/** Clock ticks in a second of what /proc tells (proc(5)); the same on every Linux that Node runs on. */
const TICKS = 100;

/**
 * Starts the command, and resolves when it has said a text on one of its streams.
 *
 * @param {readonly string[]} args
 * @param {RegExp} text
 */
async function start(args, text) {
  const child = spawn(process.execPath, [command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part) => (said += part));
  while (!text.test(said)) {
    if (child.exitCode !== null) throw new Error(`the command has ended: ${said}`);
    await pause(20);
  }
  return { child, match: text.exec(said) ?? [] };
}

/** @param {number | undefined} pid @returns resident memory in MB, and seconds of the processor so far */
function usage(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return {
    memory: (Number(kilobytes) * 1024) / 1e6,
    processor: (Number(fields[11]) + Number(fields[12])) / TICKS,
  };
}

/** @param {number} minutes how long it is watched; the memory is that of the end */
export async function benchmarkDaemon(minutes) {
  if (process.platform !== 'linux') {
    console.log('The exporter at work: skipped, it is measured on Linux only\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
  const adapter = `unix:${join(folder, 'ether.sock')}`;
  const simulator = await start(['simulate', '--listen', adapter, '--batteries', '3'], /SIMULATED on/);
  const devices = ['UPS_BMS', 'UPS_BMS_2', 'UPS_BMS_3'].flatMap((name) => ['-d', name]);
  const listen = ['--adapter', adapter, '-u', 'http://127.0.0.1:0/metrics'];
  const exporter = await start(['export', ...listen, ...devices], /at (http:\S+)\n/);
  const { pid } = exporter.child;
  const url = exporter.match[1] ?? '';
  const live = async () =>
    ((await (await fetch(url)).text()).match(/^ubmsc_device_up\{.*\} 1$/gm) ?? []).length;
  while ((await live()) < 3) await pause(200);

  /** @type {number[]} */
  const shares = [];
  let memory = 0;
  const end = performance.now() + minutes * 60_000;
  let before = { ...usage(pid), time: performance.now() };
  while (performance.now() < end) {
    showProgress(`the exporter at work: ${((end - performance.now()) / 60_000).toFixed(1)} min left`);
    await pause(Math.min(SCRAPE_INTERVAL, Math.max(end - performance.now(), 1)));
    if ((await live()) < 3) throw new Error('a battery was lost');
    const now = { ...usage(pid), time: performance.now() };
    shares.push(((now.processor - before.processor) / ((now.time - before.time) / 1000)) * 100);
    memory = now.memory;
    before = now;
  }
  showProgress('');
  for (const { child } of [exporter, simulator]) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true });
  printTable(
    [`Exporter of 3 batteries, ${minutes} min`, 'measured', 'aim'],
    [
      ['resident memory, MB', memory.toFixed(1), '70'],
      ['share of a core, %', spread(shares, 2), '2'],
    ],
  );
}
