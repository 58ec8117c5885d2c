// What publishing many batteries over MQTT takes, and what it takes while the broker is away.
import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { printTable, showProgress, spread } from './measure.js';

const BATTERIES = 100;

/** Samples of the processor's time, and the length of each in milliseconds. */
const SAMPLES = { count: 6, length: 10_000 };

/** Clock ticks in a second of what /proc tells (proc(5)). */
const TICKS = 100;

const publisher = fileURLToPath(new URL('published-batteries.js', import.meta.url));

/** @param {number | undefined} pid */
function usage(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return {
    memory: (Number(kilobytes) * 1024) / 1e6,
    processor: (Number(fields[11]) + Number(fields[12])) / TICKS,
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

export async function benchmarkMqtt() {
  if (process.platform !== 'linux' || spawnSync('mosquitto', ['-h']).error) {
    console.log('Publishing over MQTT: skipped, it needs Linux and mosquitto\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const broker = spawn('mosquitto', ['-c', file], { stdio: 'ignore' });
  await pause(500);
  const child = fork(publisher, [String(BATTERIES), `mqtt://127.0.0.1:${port}`]);
  const ask = async () => {
    child.send({});
    const [answer] = await once(child, 'message');
    return answer;
  };
  /** @param {string} what */
  const watch = async (what) => {
    /** @type {number[]} */
    const shares = [];
    const first = await ask();
    const began = performance.now();
    for (let sample = 0; sample < SAMPLES.count; sample++) {
      showProgress(`${what}: ${sample} of ${SAMPLES.count}`);
      const before = { ...usage(child.pid), time: performance.now() };
      await pause(SAMPLES.length);
      const after = usage(child.pid);
      shares.push(((after.processor - before.processor) / ((performance.now() - before.time) / 1000)) * 100);
    }
    const last = await ask();
    const seconds = (performance.now() - began) / 1000;
    const rate = (last.messages - first.messages) / seconds;
    return { shares, rate, memory: usage(child.pid).memory, heap: last.heap };
  };
  // The discoveries, which come once.
  await pause(SAMPLES.length);
  const connected = await watch('publishing over MQTT');
  broker.kill('SIGKILL');
  await once(broker, 'exit');
  await pause(1000);
  const away = await watch('without a broker');
  showProgress('');
  child.disconnect();
  await once(child, 'exit');
  rmSync(folder, { recursive: true });
  printTable(
    [
      `${BATTERIES} batteries over MQTT, 1 Hz`,
      'messages/s',
      'share of a core, % (aim: 10)',
      'resident MB',
      'heap MB',
    ],
    [
      { label: 'to a local broker', ...connected },
      { label: 'while the broker is away', ...away },
    ].map(({ label, rate, shares, memory, heap }) => [
      label,
      rate.toFixed(1),
      spread(shares, 2),
      memory.toFixed(1),
      heap.toFixed(1),
    ]),
  );
}
