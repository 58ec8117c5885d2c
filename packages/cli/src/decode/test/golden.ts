import { toFrame, type Frame } from '@ubmsc/protocol';
import { golden } from '@ubmsc/testing';

/** The frame of a golden vector. */
export function goldenFrame(name: string): Frame {
  const found = golden.frames.find((vector) => vector.name === name);
  const frame = toFrame(Uint8Array.from(Buffer.from(found?.hex ?? '', 'hex')));
  if (typeof frame === 'string') throw new Error(`${name}: ${frame}`);
  return frame;
}

/** All of them, one after the other. */
export const goldenBytes: Uint8Array = Uint8Array.from(
  Buffer.from(golden.frames.map(({ hex }) => hex).join(''), 'hex'),
);

export const goldenNames: readonly string[] = golden.frames.map(({ name }) => name);
