// How long a scrape takes, with few batteries and with many, beside sending as many bytes.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { printTable, showProgress } from './measure.js';

/** So many that the 99th percentile is not the slowest but one. */
const SCRAPES = 500;

const WARM_UP = 50;

const server = fileURLToPath(new URL('scraped-exporter.js', import.meta.url));

/**
 * Milliseconds and bytes of one request on a connection that is kept.
 *
 * @param {string} url
 * @param {Agent} agent
 * @param {Record<string, string>} headers
 * @returns {Promise<{ time: number, bytes: number }>}
 */
function scrape(url, agent, headers = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let bytes = 0;
    get(url, { agent, headers }, (response) => {
      response.on('data', (chunk) => (bytes += chunk.length));
      response.once('end', () => resolve({ time: performance.now() - start, bytes }));
    }).once('error', reject);
  });
}

/** @param {readonly number[]} sorted @param {number} share */
const percentile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** @param {readonly number[]} times */
function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}

/** @param {number} batteries */
async function measureScrapes(batteries) {
  const child = fork(server, [String(batteries)]);
  const [{ url, baseline }] = await once(child, 'message');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ways = {
    plain: () => scrape(url, agent),
    gzip: () => scrape(url, agent, { 'Accept-Encoding': 'gzip' }),
    bytesAlone: () => scrape(baseline, agent),
  };
  const times = {
    plain: /** @type {number[]} */ ([]),
    gzip: /** @type {number[]} */ ([]),
    bytesAlone: /** @type {number[]} */ ([]),
  };
  const bytes = { plain: 0, gzip: 0, bytesAlone: 0 };
  for (let round = 0; round < WARM_UP + SCRAPES; round++) {
    if (round % 50 === 0) showProgress(`scrapes of ${batteries} batteries: ${round} of ${WARM_UP + SCRAPES}`);
    for (const name of /** @type {const} */ (['plain', 'gzip', 'bytesAlone'])) {
      const sample = await ways[name]();
      bytes[name] = sample.bytes;
      if (round >= WARM_UP) times[name].push(sample.time);
    }
  }
  showProgress('');
  agent.destroy();
  child.disconnect();
  await once(child, 'exit');
  return { times, bytes };
}

export async function benchmarkScrapes() {
  /** @type {string[][]} */
  const rows = [];
  for (const batteries of [3, 100]) {
    const { times, bytes } = await measureScrapes(batteries);
    const [plain, gzip, alone] = [times.plain, times.gzip, times.bytesAlone].map(summary);
    for (const [label, result, size] of /** @type {const} */ ([
      [`${batteries} batteries`, plain, bytes.plain],
      [`${batteries} batteries, gzip`, gzip, bytes.gzip],
      ['as many bytes alone', alone, bytes.bytesAlone],
    ])) {
      rows.push([label, (result?.p50 ?? 0).toFixed(2), (result?.p99 ?? 0).toFixed(2), `${size}`]);
    }
  }
  printTable(['Scrapes of batteries with 32 cells', 'p50 ms', 'p99 ms (aim: 10)', 'bytes'], rows);
}
