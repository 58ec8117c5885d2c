// Plays many sites with a battery each into a server that takes remote write, and says what that cost:
//   npm run bench:fleet -- --sites 1000 --hours 6 --every 30 [--url http://127.0.0.1:8428/api/v1/write]
// Without a URL it starts the VictoriaMetrics that is installed, and measures its processor time, memory and disk, too.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endpointKinds, Exporter, samplesOf } from '@ubmsc/exporter';
import { readingEvent } from './made-readings.js';
import { printTable, showProgress } from './measure.js';

/** Sites whose batteries differ; the others repeat them under their own names. */
const DIFFERENT = 16;

/** Samples of one request: what a server takes at once. */
const BATCH = 10_000;

/** Requests at a time. */
const PARALLEL = 2;

const SITE = 'a-site';

const { values } = parseArgs({
  options: {
    sites: { type: 'string', default: '1000' },
    hours: { type: 'string', default: '1' },
    every: { type: 'string', default: '30' },
    url: { type: 'string' },
  },
});
const [sites, hours, every] = [Number(values.sites), Number(values.hours), Number(values.every)];
if (!(sites > 0 && hours > 0 && every > 0))
  throw new Error('--sites, --hours and --every are numbers above 0');
const steps = Math.round((hours * 3600) / every);

const server = values.url === undefined ? await startServer() : undefined;
const url = values.url ?? `${server?.url ?? ''}/api/v1/write`;
const kind = endpointKinds['remote-write'];

/** The page of one of the different batteries at a time. @param {number} battery @param {number} time */
function pageAt(battery, time) {
  const { status } = readingEvent(battery, time);
  const exporter = new Exporter({
    source: { statuses: [status], now: () => time, observe: () => ({ [Symbol.dispose]: () => {} }) },
    version: 'benchmark',
    processMetrics: false,
    labels: { site: SITE },
  });
  return exporter.page().toString();
}

/** @param {ReturnType<typeof samplesOf>} samples */
async function send(samples) {
  const body = kind.encode?.(samples);
  if (!body) throw new Error('remote write encodes samples');
  onTheWire += body.length;
  const answer = await fetch(url, { method: kind.method, headers: kind.headers, body: new Uint8Array(body) });
  if (!answer.ok) throw new Error(`the server answers ${answer.status}: ${await answer.text()}`);
}

const start = performance.now();
const begin = Date.now() - steps * every * 1000;
/** @type {Set<Promise<void>>} */
const pending = new Set();
let sent = 0;
let onTheWire = 0;
let series = 0;
/** @type {ReturnType<typeof samplesOf>} */
let batch = [];
async function flush() {
  while (pending.size >= PARALLEL) await Promise.race(pending);
  const samples = batch;
  batch = [];
  sent += samples.length;
  const sending = send(samples).finally(() => pending.delete(sending));
  pending.add(sending);
}
for (let step = 0; step < steps; step++) {
  showProgress(`${step} of ${steps} pages of ${sites} sites`);
  const time = begin + step * every * 1000;
  const pages = Array.from({ length: Math.min(DIFFERENT, sites) }, (_, battery) => pageAt(battery, time));
  for (let site = 0; site < sites; site++) {
    const name = `site-${String(site).padStart(6, '0')}`;
    const page = (pages[site % pages.length] ?? '').replaceAll(`site="${SITE}"`, `site="${name}"`);
    const samples = samplesOf(page, time);
    series = samples.length;
    for (const sample of samples) batch.push(sample);
    if (batch.length >= BATCH) await flush();
  }
}
await flush();
await Promise.all(pending);
const seconds = (performance.now() - start) / 1000;
showProgress('');

const rows = [
  ['series of a site', String(series)],
  ['series of all sites', String(series * sites)],
  ['samples', `${(sent / 1e6).toFixed(1)} million`],
  ['samples a second, sent as fast as they were taken', `${Math.round(sent / seconds / 1000)} thousand`],
  [
    'samples a second of these sites in real time',
    `${((series * sites) / every / 1000).toFixed(1)} thousand`,
  ],
];
rows.push(['sent, by remote write 1.0', `${(onTheWire / sent).toFixed(1)} bytes per sample`]);
if (server) {
  const { processor, memory, disk } = await server.cost();
  rows.push(
    ['processor time of the server', `${((processor / sent) * 1e6).toFixed(2)} s per million samples`],
    ['memory of the server, at most', `${Math.round(memory / 1e6)} MB`],
    ['disk', `${(disk / sent).toFixed(2)} bytes per sample`],
  );
  await server.stop();
}
printTable([`${sites} sites, ${hours} h, a page every ${every} s`, 'measured'], rows);

async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), 'ubmsc-fleet-'));
  const port = await freePort();
  const child = spawn(
    'victoria-metrics',
    [
      `-storageDataPath=${folder}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=10y',
      '-loggerLevel=ERROR',
    ],
    { stdio: 'ignore' },
  );
  const own = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${own}/health`).catch(() => undefined);
    if (answer?.ok) break;
    if (tries > 100) throw new Error('VictoriaMetrics does not start');
    await new Promise((resolve) => void setTimeout(resolve, 100));
  }
  return {
    url: own,
    /** What it has cost so far: seconds of processor time, and octets. */
    async cost() {
      await fetch(`${own}/internal/force_flush`);
      await fetch(`${own}/internal/force_merge`);
      await new Promise((resolve) => void setTimeout(resolve, 3000));
      const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
      const peak = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return {
        processor: (Number(fields[11]) + Number(fields[12])) / 100,
        memory: Number(peak) * 1024,
        disk: await sizeOf(join(folder, 'data')),
      };
    },
    async stop() {
      child.kill();
      await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param {string} path @returns {Promise<number>} */
async function sizeOf(path) {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function freePort() {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
