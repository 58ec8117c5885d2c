import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { FRAME_LENGTH, toFrame, type Frame } from '@ubmsc/protocol';

/** Captures of real devices. They belong to others and are read where they lie, beside the project. */
const folder = new URL('../../../../shared/corpus/', import.meta.url);

/** A published capture; `frames` says where frames are in the joined notifications. */
export interface Capture {
  readonly id: string;
  readonly source: { readonly repo: string };
  readonly transport: 'ble' | 'rs485';
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

const corpusIsHere = existsSync(folder);

/**
 * Tests on real captures; skipped, with the reason in their title, where the captures are not beside the project.
 * The body does not even run then, so it may read captures.
 */
export const describeCorpus = (title: string, tests: () => void): void => {
  if (corpusIsHere) describe(title, tests);
  else test.skip(`${title} (skipped: no captures in ../shared/corpus)`);
};

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

/** The valid frames of a capture. */
export function captureFrames(capture: Capture): Frame[] {
  const bytes = captureBytes(capture);
  return capture.frames
    .map(({ offset }) => toFrame(bytes.slice(offset, offset + FRAME_LENGTH)))
    .filter((frame) => typeof frame !== 'string');
}

/** A recorded connection of an app with a battery. */
export interface Session {
  readonly id: string;
  readonly variant: string;
  readonly device: { readonly model: string | null };
  readonly records_seen: Readonly<Record<string, number>>;
  readonly events: readonly {
    readonly t_ms: number;
    readonly dir: 'write' | 'notify';
    readonly hex: string;
  }[];
}

export function readSessions(): Session[] {
  const parsed: unknown = JSON.parse(readFileSync(fileURLToPath(new URL('sessions.json', folder)), 'utf8'));
  if (!Array.isArray(parsed)) throw new TypeError('sessions.json is not a list');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the corpus' README describes its form
  return parsed as Session[];
}

/** What the battery sent in a session, notification by notification. */
export function notifications(session: Session): Uint8Array[] {
  return session.events.filter(({ dir }) => dir === 'notify').map(({ hex }) => fromHex(hex));
}

/** What the battery sent in a session, in one piece. */
export function sessionBytes(session: Session): Uint8Array {
  return Uint8Array.from(Buffer.concat(notifications(session)));
}
