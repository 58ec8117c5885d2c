// How fast a large capture is read and becomes recordings, and that memory does not grow with it.
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaptureImport, CaptureReader } from '@ubmsc/recording';
import { printTable, showProgress, spread } from './measure.js';
import { runCommand } from './run-command.js';

/** Sizes of the captures, in MB, and how often each is imported. */
const sizes = [
  { megabytes: 10, rounds: 3 },
  { megabytes: 100, rounds: 3 },
  { megabytes: 1000, rounds: 1 },
];

/**
 * Cuts a capture of sessions where they stream: what comes before, what can be repeated, and what comes behind.
 *
 * @param {Buffer} capture
 */
function partsOf(capture) {
  /** @type {number[]} */
  const ends = [];
  let [first, last, from, to] = [0, 0, 0, 0];
  const reader = new CaptureReader();
  for (let at = 16; at < capture.length; at = ends.at(-1) ?? capture.length)
    ends.push(at + 24 + capture.readUInt32BE(at + 4));
  let index = 0;
  for (const { indicator, direction, time } of reader.push(capture)) {
    const end = ends[index++] ?? 0;
    if (indicator === 2 && direction === 'sent') [from, first] = [end, time];
    if (indicator === 2 && direction === 'received') [to, last] = [end, time];
  }
  return {
    beginning: capture.subarray(0, from),
    middle: capture.subarray(from, to),
    end: capture.subarray(to),
    /** Of the middle, in microseconds. */
    duration: BigInt(Math.ceil((last - first) * 1000)),
  };
}

/**
 * Writes a capture of this size: batteries that stream on and on.
 *
 * @param {string} file
 * @param {ReturnType<typeof partsOf>} parts
 * @param {number} size
 */
function writeCapture(file, { beginning, middle, end, duration }, size) {
  const descriptor = openSync(file, 'w');
  let written = writeSync(descriptor, beginning);
  // Each is as long after the one before as the first one took.
  while (written + end.length < size) {
    written += writeSync(descriptor, middle);
    for (let at = 0; at < middle.length; at += 24 + middle.readUInt32BE(at + 4))
      middle.writeBigUInt64BE(middle.readBigUInt64BE(at + 16) + duration, at + 16);
  }
  writeSync(descriptor, end);
  closeSync(descriptor);
  return written + end.length;
}

/** @param {string} file @returns seconds that it takes to find what goes over the sessions in a capture */
function readSessions(file) {
  const start = performance.now();
  const descriptor = openSync(file, 'r');
  const chunk = Buffer.alloc(65_536);
  let values = 0;
  const capture = new CaptureImport({ began() {}, value: () => void values++, ended() {} });
  for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk))
    capture.push(chunk.subarray(0, length));
  closeSync(descriptor);
  if (capture.end().damage || values === 0) throw new Error('the capture cannot be read');
  return (performance.now() - start) / 1000;
}

export function benchmarkImport() {
  const folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
  try {
    showProgress('import: a session with three batteries is captured');
    const seed = join(folder, 'seed.btsnoop');
    runCommand('--adapter', 'sim:3', 'watch', '--for', '10s', '--snoop', seed);
    const rows = sizes.map(({ megabytes, rounds }) => {
      const file = join(folder, 'large.btsnoop');
      const size = writeCapture(file, partsOf(readFileSync(seed)), megabytes * 1e6);
      const output = join(folder, 'recordings/');
      const samples = Array.from({ length: rounds }, (_, round) => {
        showProgress(`import: ${megabytes} MB, round ${round + 1} of ${rounds}`);
        return { read: readSessions(file), ...runCommand('import', file, '-o', output, '--force') };
      });
      rmSync(output, { recursive: true });
      /** @param {(sample: (typeof samples)[number]) => number} value */
      const column = (value) => spread(samples.map(value), 0);
      return [
        `${megabytes} MB`,
        column(({ read }) => size / 1e6 / read),
        column(({ seconds }) => size / 1e6 / seconds),
        column(({ memory }) => memory),
      ];
    });
    showProgress('');
    printTable(['Import of btsnoop', 'read, MB/s', 'imported, MB/s', 'largest memory of it, MB'], rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
