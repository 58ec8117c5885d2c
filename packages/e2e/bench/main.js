// Measures what people notice and what could get slow: start-up, decoding, and the way through Bluetooth. Nothing is
// asserted: other machines, other numbers. A ratio is of samples that were taken one right after the other.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAcceptance } from './acceptance.js';
import { benchmarkDaemon } from './daemon.js';
import { benchmarkDecodeFiles } from './decode-files.js';
import { benchmarkDecoding } from './decoding.js';
import { benchmarkEncoding } from './encoding.js';
import { benchmarkHistory } from './history.js';
import { benchmarkImport } from './import.js';
import { benchmarkLink } from './link.js';
import { benchmarkMqtt } from './mqtt.js';
import { benchmarkNative } from './native.js';
import { benchmarkScrapes } from './scrape.js';
import { benchmarkStartUp } from './start-up.js';
import { benchmarkTui } from './tui.js';

const { values: options } = parseArgs({
  options: {
    /** How long the exporter is watched at work. Memory that leaks shows after ten. */
    minutes: { type: 'string', default: '2' },
  },
});

const { version, platform, arch } = process;
const processors = cpus();
console.log(
  `Node ${version}, ${platform} ${arch}, ${processors.length} × ${processors[0]?.model ?? 'unknown'}`,
);
console.log('Each figure: median (minimum–maximum)\n');

await benchmarkStartUp();
await benchmarkDecoding();
await benchmarkNative();
benchmarkDecodeFiles();
measureAcceptance();
await benchmarkEncoding();
benchmarkImport();
await benchmarkHistory();
await benchmarkLink();
await benchmarkTui();
await benchmarkScrapes();
await benchmarkMqtt();
await benchmarkDaemon(Number(options.minutes));
