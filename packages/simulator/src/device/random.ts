/** A number from 0 to 1 (exclusive) that depends only on its arguments: noise that can be evaluated at any time. */
export function noise(seed: number, index: number): number {
  let bits = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) ^ Math.imul(index + 1, 0x632be5ab);
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

/** A sequence of numbers from 0 to 1 (exclusive), the same for the same seed. */
export function randomSequence(seed: number): () => number {
  let index = 0;
  return () => noise(seed, index++);
}
