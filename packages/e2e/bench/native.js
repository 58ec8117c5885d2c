// Our parser and decoder beside small ones in Rust and C++ that do the same: whoever has their compilers sees all in one run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  cellDataJk02_32s,
  decode,
  decodeReading,
  snakeCase,
  StreamParser,
  VariantDetector,
} from '@ubmsc/protocol';
import { cut, frames, nanosecondsPerItem } from './frames.js';
import { measure, printTable, ratios, spread } from './measure.js';

const ROUNDS = 20;

/** @typedef {import('@ubmsc/protocol').Field} Field */

/** @type {[string, Field][]} */
const fields = Object.entries(cellDataJk02_32s.fields);

/** How the types of numbers are called in Rust; those of C++ have longer names. @type {Readonly<Record<string, string>>} */
const inCpp = {
  u8: 'uint8_t',
  i8: 'int8_t',
  u16: 'uint16_t',
  i16: 'int16_t',
  u32: 'uint32_t',
  i32: 'int32_t',
  f32: 'float',
  f64: 'double',
};

/** @param {Field} field */
function shape(field) {
  if (field.type === 'text' || field.type === 'bytes' || field.type === 'struct')
    return { type: 'u8', count: field.size, divisor: undefined, absent: undefined, step: 1 };
  const { type, count, divisor, absent } = field;
  return { type, count, divisor, absent, step: Number(type.slice(1)) / 8 };
}

/** The record and its decoder in Rust, from the rows. */
function recordInRust() {
  const rows = fields.map(([name, field]) => {
    const { type, count, divisor, absent, step } = shape(field);
    const one = divisor === undefined ? type : 'f64';
    const at = count === undefined ? field.at : `${field.at} + ${step} * index`;
    const raw = `read!(${type}, bytes, ${at})`;
    const value = divisor === undefined ? raw : `${raw} as f64 / ${divisor}.0`;
    const known = absent === undefined ? value : `(${raw} != ${absent}).then(|| ${value})`;
    const single = absent === undefined ? one : `Option<${one}>`;
    return count === undefined
      ? { member: `${snakeCase(name)}: ${single}`, value: `${snakeCase(name)}: ${known}` }
      : {
          member: `${snakeCase(name)}: [${single}; ${count}]`,
          value: `${snakeCase(name)}: std::array::from_fn(|index| ${known})`,
        };
  });
  return `#[allow(dead_code)]
struct Record { ${rows.map(({ member }) => member).join(', ')} }
fn decode(bytes: &[u8]) -> Record { Record { ${rows.map(({ value }) => value).join(', ')} } }
`;
}

/** The same in C++. */
function recordInCpp() {
  const rows = fields.map(([name, field]) => {
    const { type, count, divisor, absent, step } = shape(field);
    const one = divisor === undefined ? inCpp[type] : 'double';
    const single = absent === undefined ? one : `std::optional<${one}>`;
    const at = count === undefined ? field.at : `${field.at} + ${step} * index`;
    const raw = `read<${inCpp[type]}>(bytes, ${at})`;
    const value = divisor === undefined ? raw : `${raw} / ${divisor}.0`;
    const to = `record.${name}${count === undefined ? '' : '[index]'}`;
    const set = absent === undefined ? `${to} = ${value};` : `if (${raw} != ${absent}) ${to} = ${value};`;
    return count === undefined
      ? { member: `${single} ${name};`, set }
      : {
          member: `std::array<${single}, ${count}> ${name};`,
          set: `for (size_t index = 0; index < ${count}; index++) ${set}`,
        };
  });
  return `struct Record { ${rows.map(({ member }) => member).join(' ')} };
Record decode(const uint8_t *bytes) { Record record; ${rows.map(({ set }) => set).join('\n')} return record; }
`;
}

/** @param {string} name */
const sourceOf = (name) => fileURLToPath(new URL(`native/${name}`, import.meta.url));

const languages = {
  rust: {
    label: 'Rust, opt-level = z',
    compiler: 'rustc',
    record: { name: 'record.rs', text: recordInRust },
    args: (/** @type {string} */ out) => ['--edition=2021', '-Copt-level=z', '-o', out, sourceOf('parse.rs')],
  },
  cpp: {
    label: 'C++, -O2',
    compiler: 'g++',
    record: { name: 'record.hpp', text: recordInCpp },
    args: (/** @type {string} */ out, /** @type {string} */ folder) => [
      '-std=c++17',
      '-O2',
      `-I${folder}`,
      '-o',
      out,
      sourceOf('parse.cpp'),
    ],
  },
};

/**
 * Compiles the parser of a language into a folder. Returns where it is, or why there is none.
 *
 * @param {(typeof languages)[keyof typeof languages]} language
 * @param {string} folder
 * @returns {{ readonly program: string } | { readonly reason: string }}
 */
function compile({ compiler, record, args }, folder) {
  const [program, rows] = [join(folder, compiler), join(folder, record.name)];
  writeFileSync(rows, record.text());
  const { status, error, stderr } = spawnSync(compiler, args(program, folder), {
    encoding: 'utf8',
    env: { ...process.env, RECORD: rows },
  });
  if (error) return { reason: `there is no ${compiler} here` };
  if (status !== 0) throw new Error(`${compiler} fails: ${stderr}`);
  return { program };
}

/** What the last record says, by which all must agree. */
const volts = decode(cellDataJk02_32s, {
  record: 'cellData',
  counter: 0,
  bytes: frames.at(-1) ?? new Uint8Array(300),
}).packVoltage;

/**
 * Nanoseconds of processor time for each record, as a program tells.
 *
 * @param {string} program
 * @param {string} file
 * @param {number} size
 */
function sample(program, file, size) {
  const { stdout, error } = spawnSync(program, [file, String(size)], { encoding: 'utf8' });
  if (error) throw error;
  const [nanoseconds, told] = stdout.split(' ').map(Number);
  if (told !== volts) throw new Error(`${program} reads ${told} V where there are ${volts} V`);
  return nanoseconds ?? NaN;
}

/**
 * The same in this process: `use` is called with each frame.
 *
 * @param {number} size
 * @param {(frame: import('@ubmsc/protocol').Frame) => unknown} use
 */
function ours(size, use) {
  const pieces = frames.map((bytes) => cut(bytes, size));
  const parser = new StreamParser();
  return () =>
    nanosecondsPerItem(pieces, (record) => {
      let used;
      for (const piece of record)
        for (const item of parser.push(piece)) if (item.kind === 'frame') used = use(item.frame);
      if (used === undefined) throw new Error('a record gave nothing');
      return used;
    });
}

export async function benchmarkNative() {
  const folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
  try {
    const file = join(folder, 'records');
    writeFileSync(file, Buffer.concat(frames));
    for (const size of [20, 150]) {
      const detector = new VariantDetector();
      /** @type {Record<string, () => number>} */
      const cases = {
        'ours, every field': ours(size, (frame) => decode(cellDataJk02_32s, frame)),
        'ours, layout told, reading': ours(size, (frame) => {
          const variant = detector.observe(frame);
          return variant && decodeReading(frame, variant, 0);
        }),
      };
      /** @type {string[][]} */
      const skipped = [];
      for (const language of Object.values(languages)) {
        const made = compile(language, folder);
        if ('reason' in made) skipped.push([language.label, `skipped: ${made.reason}`]);
        else cases[language.label] = () => sample(made.program, file, size);
      }
      const times = await measure(`beside other languages, ${size} bytes`, ROUNDS, cases);
      const { rust, cpp } = languages;
      const rows = Object.entries(times).map(([label, samples]) => [
        label,
        spread(samples, 0),
        ...[rust, cpp].map((other) => {
          const base = times[other.label];
          return base && base !== samples ? spread(ratios(samples, base), 1) : '';
        }),
      ]);
      printTable(
        [`Stream in pieces of ${size} bytes to values`, 'ns per record', '× Rust', '× C++'],
        [...rows, ...skipped],
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
