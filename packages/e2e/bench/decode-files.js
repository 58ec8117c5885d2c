// How fast the command decodes a large file to JSON, and that memory does not grow with it.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex, toSpacedHex } from '@ubmsc/protocol';
import { cut, frames } from './frames.js';
import { printTable, showProgress, spread } from './measure.js';
import { runCommand } from './run-command.js';

/** Size of the files, in MB. */
const MEGABYTES = 100;

const ROUNDS = 5;

const header = JSON.stringify({
  format: 'ubmsc-recording',
  version: 1,
  started: '2026-01-01T00:00:00.000Z',
  origin: 'bench',
  device: {},
  simulated: true,
  redacted: true,
  anonymized: false,
});

/** How records stand in each kind of file, and how fast it should be, in MB/s. `ms` is the time of the record. */
const kinds = {
  'log, 20 bytes a line': {
    aim: 25,
    beginning: '',
    record: (/** @type {Uint8Array} */ bytes, /** @type {number} */ ms) =>
      linesOf(bytes, 20, (piece) => `${clock(ms)} notification: ${toSpacedHex(piece)}`),
  },
  'recording, 20 bytes a line': {
    aim: 40,
    beginning: `${header}\n`,
    record: (/** @type {Uint8Array} */ bytes, /** @type {number} */ ms) =>
      linesOf(bytes, 20, (piece) => `{"ms":${ms},"notify":"${toHex(piece)}"}`),
  },
  'recording, 128 bytes a line': {
    aim: 40,
    beginning: `${header}\n`,
    record: (/** @type {Uint8Array} */ bytes, /** @type {number} */ ms) =>
      linesOf(bytes, 128, (piece) => `{"ms":${ms},"notify":"${toHex(piece)}"}`),
  },
  binary: { aim: 60, beginning: '', record: (/** @type {Uint8Array} */ bytes) => bytes },
};

/** @param {Uint8Array} bytes @param {number} size @param {(piece: Uint8Array) => string} line */
function linesOf(bytes, size, line) {
  return Buffer.from(
    cut(bytes, size)
      .map((piece) => `${line(piece)}\n`)
      .join(''),
  );
}

/** @param {number} ms */
function clock(ms) {
  return new Date(ms).toISOString().slice(11, 23);
}

/**
 * Writes a file of this kind.
 *
 * @param {string} file
 * @param {(typeof kinds)[keyof typeof kinds]} kind
 */
function write(file, { beginning, record }) {
  const descriptor = openSync(file, 'w');
  let size = writeSync(descriptor, beginning);
  for (let ms = 0; size < MEGABYTES * 1e6;) {
    const records = frames.map((bytes) => record(bytes, (ms += 540)));
    size += writeSync(descriptor, Buffer.concat(records));
  }
  closeSync(descriptor);
  return size / 1e6;
}

export function benchmarkDecodeFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
  try {
    const rows = Object.entries(kinds).map(([name, kind]) => {
      const file = join(folder, 'capture');
      const size = write(file, kind);
      const samples = Array.from({ length: ROUNDS }, (_, round) => {
        showProgress(`decode: ${name}, round ${round + 1} of ${ROUNDS}`);
        return runCommand('decode', file, '-f', 'j');
      });
      return [
        name,
        spread(
          samples.map(({ seconds }) => size / seconds),
          0,
        ),
        spread(
          samples.map(({ processor }) => size / processor),
          0,
        ),
        String(kind.aim),
        spread(
          samples.map(({ memory }) => memory),
          0,
        ),
      ];
    });
    showProgress('');
    printTable(
      [
        `Decode of ${MEGABYTES} MB to JSON`,
        'MB/s',
        'MB per second of processor time',
        'aim',
        'largest memory, MB (aim: 120)',
      ],
      rows,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
