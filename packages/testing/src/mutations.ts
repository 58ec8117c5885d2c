import type { Choose } from './damage.ts';

/** Numbers that readers of lengths fear. */
const lengths = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x4_0000, 0x4_0001, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

const pick = <T>(list: readonly T[], random: Choose, otherwise: T): T =>
  list[random(list.length)] ?? otherwise;

/** Two places in the file, in their order. */
function range(file: Buffer, random: Choose): readonly [from: number, to: number] {
  const [one, other] = [random(file.length + 1), random(file.length + 1)];
  return [Math.min(one, other), Math.max(one, other)];
}

/** What happens to files, by mishap or by intent. Each may write into the file, and returns what becomes of it. */
const mutations: readonly ((file: Buffer, random: Choose, other: Buffer) => Buffer)[] = [
  function flipBits(file, random) {
    for (let count = 1 + random(8); count > 0; count--) {
      const at = random(file.length);
      file[at] = (file[at] ?? 0) ^ (1 << random(8));
    }
    return file;
  },
  function truncate(file, random) {
    return file.subarray(0, random(file.length + 1));
  },
  function setLength(file, random) {
    const value = pick([...lengths, file.length], random, 0);
    const size = pick([1, 2, 4], random, 4);
    if (file.length < size) return file;
    const at = random(file.length - size + 1);
    if (random(2) === 0) file.writeUIntLE(value % 2 ** (8 * size), at, size);
    else file.writeUIntBE(value % 2 ** (8 * size), at, size);
    return file;
  },
  function swap(file, random) {
    const [from, to] = range(file, random);
    const middle = from + random(to - from + 1);
    return Buffer.concat([
      file.subarray(0, from),
      file.subarray(middle, to),
      file.subarray(from, middle),
      file.subarray(to),
    ]);
  },
  function remove(file, random) {
    const [from, to] = range(file, random);
    return Buffer.concat([file.subarray(0, from), file.subarray(Math.min(to, from + random(64)))]);
  },
  function repeat(file, random) {
    const [from, to] = range(file, random);
    return Buffer.concat([file.subarray(0, to), file.subarray(from)]);
  },
  function scribble(file, random) {
    const [from, to] = range(file, random);
    for (let at = from; at < Math.min(to, from + 64); at++) file[at] = random(256);
    return file;
  },
  function splice(file, random, other) {
    return Buffer.concat([
      file.subarray(0, random(file.length + 1)),
      other.subarray(random(other.length + 1)),
    ]);
  },
  function keepSignature(file, random) {
    const noise = Buffer.from(Uint8Array.from({ length: random(512) }, () => random(256)));
    return Buffer.concat([file.subarray(0, 8 + random(40)), noise]);
  },
];

/** One of the files with one to three things done to it, repeatable by `random`. */
export function mutated(files: readonly Buffer[], random: Choose): Buffer {
  let file: Buffer = Buffer.from(pick(files, random, Buffer.alloc(0)));
  for (let count = 1 + random(3); count > 0 && file.length > 0; count--) {
    file = pick(mutations, random, (same: Buffer) => same)(file, random, pick(files, random, file));
  }
  return file;
}
