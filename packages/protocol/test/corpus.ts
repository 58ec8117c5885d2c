import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

/** Captures of real devices. They belong to others and are read where they lie, beside the project. */
const folder = new URL('../../../../shared/corpus/', import.meta.url);

/** A published capture; `frames` says where frames are in the joined notifications. */
export interface Capture {
  readonly id: string;
  readonly variant: string;
  readonly notifications: readonly string[];
  readonly frames: readonly {
    readonly offset: number;
    readonly record: string;
    readonly checksum_ok: boolean;
  }[];
  readonly expected: Readonly<Record<string, unknown>> | null;
  readonly defect?: string;
}

export const corpusIsHere = existsSync(folder);

/** Tests on real captures; skipped, with the reason in their title, where the captures are not beside the project. */
export const describeCorpus = corpusIsHere
  ? describe
  : (title: string, tests: () => void) =>
      describe.skip(`${title} (skipped: no captures in ../shared/corpus)`, tests);

/** The captures of one file. */
export function readCaptures(file: 'captures.json' | 'bad.json'): Capture[] {
  const parsed: unknown = JSON.parse(readFileSync(fileURLToPath(new URL(file, folder)), 'utf8'));
  if (!Array.isArray(parsed)) throw new TypeError(`${file} is not a list`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the corpus' README describes its form
  return parsed as Capture[];
}

/** Bytes of hexadecimal text. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** All bytes of a capture in one piece. */
export function captureBytes(capture: Capture): Uint8Array {
  return fromHex(capture.notifications.join(''));
}
