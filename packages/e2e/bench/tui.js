// What the terminal UI costs: until it shows something, and while it runs at the frame rate of real batteries. It runs
// on a pseudo-terminal, which script(1) makes, so that it draws as it does for people. BENCH_MINUTES=10 watches longer.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { measure, printTable, ratios, spread } from './measure.js';

const ROUNDS = 10;

/** How long processor and memory are watched, in minutes. */
const MINUTES = Number(process.env['BENCH_MINUTES'] ?? 0.5);

/** The number of parts that this time is cut into, for the spread. */
const SLICES = 5;

/** Ticks of the processor's clock in a second, on every Linux (proc(5)). */
const TICKS = 100;

const command = fileURLToPath(new URL('../../cli/bin/ubmsc.cjs', import.meta.url));

// Node reads these certificates at its start, which takes longer than what is measured here.
const { NODE_EXTRA_CA_CERTS: _certificates, ...inherited } = process.env;
const env = { ...inherited, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' };

/**
 * Runs a program on a pseudo-terminal of 120 columns and 40 lines.
 *
 * @param {string} program
 */
function onTerminal(program) {
  const args = ['-qfec', `stty cols 120 rows 40; ${program}`, '/dev/null'];
  const child = spawn('script', args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (shown += text));
  return {
    ended,
    /** @param {RegExp} wanted what must have been drawn */
    async shows(wanted) {
      while (!wanted.test(shown)) {
        if (child.exitCode !== null) throw new Error(`${program} ended: ${shown}`);
        await Promise.race([once(child.stdout, 'data'), ended]);
      }
    },
    /** @param {string} keys */
    press(keys) {
      shown = '';
      child.stdin.write(keys);
    },
  };
}

/** Milliseconds until Node has come and gone. */
async function bareNode() {
  const start = performance.now();
  await onTerminal(`exec ${process.execPath} -e 0`).ended;
  return performance.now() - start;
}

/**
 * Milliseconds until the terminal UI has drawn something.
 *
 * @param {RegExp} wanted
 */
async function until(wanted) {
  const start = performance.now();
  const terminal = onTerminal(`exec ${process.execPath} ${command} tui --adapter sim`);
  await terminal.shows(wanted);
  const time = performance.now() - start;
  terminal.press('q');
  await terminal.ended;
  return time;
}

/**
 * Watches the process of a terminal UI that shows `batteries` of another process.
 *
 * @param {number} batteries
 * @param {string} keys pressed before
 */
async function watch(batteries, keys) {
  const folder = await mkdtemp(join(tmpdir(), 'ubmsc-bench-'));
  const adapter = `unix:${join(folder, 'ether.sock')}`;
  const args = [command, 'simulate', '--listen', adapter, '--batteries', String(batteries)];
  const simulator = spawn(process.execPath, [...args, '--model', 'JK_PB2A16S20P'], { env, stdio: 'pipe' });
  try {
    await once(simulator.stdout, 'data');
    const pid = join(folder, 'pid');
    const terminal = onTerminal(
      `echo $$ > ${pid}; exec ${process.execPath} ${command} tui --adapter ${adapter}`,
    );
    await terminal.shows(batteries === 1 ? / live / : new RegExp(`${batteries} of ${batteries} live`));
    terminal.press(keys);
    await sleep(3000);
    const id = (await readFile(pid, 'utf8')).trim();
    const shares = [];
    for (let slice = 0; slice < SLICES; slice++) {
      const before = await ticksOf(id);
      await sleep((MINUTES * 60_000) / SLICES);
      shares.push((100 * ((await ticksOf(id)) - before)) / TICKS / ((MINUTES * 60) / SLICES));
    }
    const status = await readFile(`/proc/${id}/status`, 'utf8');
    const memory = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1000;
    terminal.press('q');
    await terminal.ended;
    return { shares, memory };
  } finally {
    simulator.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Time of the processor that a process has taken.
 *
 * @param {string} process
 */
async function ticksOf(process) {
  const [user = 0, system = 0] = (await readFile(`/proc/${process}/stat`, 'utf8'))
    .split(' ')
    .slice(13, 15)
    .map(Number);
  return user + system;
}

export async function benchmarkTui() {
  if (process.platform !== 'linux' || spawnSync('script', ['--version']).status !== 0) {
    console.log('Terminal UI: not measured, there is no script(1) of util-linux here\n');
    return;
  }
  const { node, paint, live } = await measure('terminal UI', ROUNDS, {
    node: bareNode,
    paint: async () => await until(/ubmsc ›|opening/),
    live: async () => await until(/UPS_BMS[^]* live[^]* V/),
  });
  printTable(
    ['Terminal UI on sim', 'ms', '× node -e 0'],
    [
      ['node -e 0', spread(node, 1), '1'],
      ['first paint (aim: 2.5)', spread(paint, 1), spread(ratios(paint, node), 2)],
      ['first live value (aim: 1500 ms)', spread(live, 1), spread(ratios(live, node), 2)],
    ],
  );
  const rows = [];
  for (const [batteries, view, keys] of /** @type {const} */ ([
    [1, 'the list', ''],
    [1, 'a battery', '\r'],
    [3, 'the list', ''],
    [3, 'a battery', '\r'],
    [16, 'the list', ''],
  ])) {
    const { shares, memory } = await watch(batteries, keys);
    rows.push([
      `${batteries} ${batteries === 1 ? 'battery' : 'batteries'}, ${view}`,
      spread(shares, 1),
      memory.toFixed(0),
    ]);
  }
  printTable([`Terminal UI for ${MINUTES} min`, '% of a core (aims: 2, 3 and 8)', 'MB (aim: 100)'], rows);
}
