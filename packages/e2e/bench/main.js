// Measures what people notice and what could get slow: start-up, decoding, and the way through Bluetooth. Nothing is
// asserted: other machines, other numbers. A ratio is of samples that were taken one right after the other.
import { cpus } from 'node:os';
import { benchmarkDecoding } from './decoding.js';
import { benchmarkLink } from './link.js';
import { benchmarkStartUp } from './start-up.js';
import { benchmarkTui } from './tui.js';

const { version, platform, arch } = process;
const processors = cpus();
console.log(
  `Node ${version}, ${platform} ${arch}, ${processors.length} × ${processors[0]?.model ?? 'unknown'}`,
);
console.log('Each figure: median (minimum–maximum)\n');

await benchmarkStartUp();
await benchmarkDecoding();
await benchmarkLink();
await benchmarkTui();
