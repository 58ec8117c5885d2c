/** Ways in which a link damages what it carries, as they were seen in the field. */

/** Random whole numbers from 0 to below `limit`, repeatable from a seed (xorshift32). */
export type Random = (limit: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Cuts a frame into notifications of these lengths, which repeat. */
function cut(frame: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < frame.length; turn++) {
    const size = sizes[turn % sizes.length] ?? frame.length;
    pieces.push(frame.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const join = (pieces: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(pieces));

/** What arrives instead of `frame`; `next` is the frame that follows it. */
export type Damage = (frame: Uint8Array, next: Uint8Array, random: Random) => Uint8Array;

const smallest = [20];
const beken = [128, 22];

const swapped =
  (sizes: readonly number[]): Damage =>
  (frame, _next, random) => {
    const pieces = cut(frame, sizes);
    const first = random(pieces.length - 1);
    const [one, two] = pieces.slice(first, first + 2);
    if (one && two) pieces.splice(first, 2, two, one);
    return join(pieces);
  };

export const damages: Readonly<Record<string, Damage>> = {
  'one bit flipped': (frame, _next, random) => {
    const damaged = frame.slice();
    const at = random(frame.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << random(8));
    return damaged;
  },
  'two random bytes': (frame, _next, random) => {
    const damaged = frame.slice();
    damaged[random(frame.length)] = random(256);
    damaged[random(frame.length)] = random(256);
    return damaged;
  },
  'notification lost': (frame, _next, random) => {
    const pieces = cut(frame, smallest);
    pieces.splice(random(pieces.length), 1);
    return join(pieces);
  },
  'notification doubled': (frame, _next, random) => {
    const pieces = cut(frame, smallest);
    const at = random(pieces.length);
    pieces.splice(at, 0, pieces[at] ?? frame);
    return join(pieces);
  },
  'one lost, another doubled': (frame, _next, random) => {
    const pieces = cut(frame, smallest);
    const at = random(pieces.length);
    pieces.splice(at, 0, pieces[at] ?? frame);
    pieces.splice(random(pieces.length), 1);
    return join(pieces);
  },
  'spliced with the next': (frame, next, random) => {
    const at = 20 * (1 + random(14));
    return join([frame.subarray(0, at), next.subarray(at)]);
  },
  'neighbours swapped, 20 bytes': swapped(smallest),
  'neighbours swapped, 128 and 22 bytes': swapped(beken),
};
