import { open } from 'node:fs/promises';
import { fileReason, UsageError } from '@ubmsc/base';

/** Longest file, in bytes: a web configuration, a certificate with those above it. */
const LONGEST = 262_144;

/** @throws {UsageError} it cannot be read, or is too long. */
export async function readSmallFile(file: string): Promise<string> {
  const bytes = await readAtMost(file, LONGEST + 1).catch((error: unknown) => {
    throw new UsageError(
      `cannot read ${file}: ${fileReason(error)}`,
      'give a file that exists and that ubmsc may read',
      { cause: error },
    );
  });
  if (bytes.length > LONGEST) {
    throw new UsageError(
      `${file} is longer than ${LONGEST} bytes`,
      'see docs/exporter.md for what it may say',
    );
  }
  return bytes.toString('utf8');
}

async function readAtMost(file: string, most: number): Promise<Buffer> {
  await using handle = await open(file);
  const bytes = Buffer.alloc(most);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(bytes, length, most - length);
    length += bytesRead;
    if (bytesRead === 0 || length === most) return bytes.subarray(0, length);
  }
}
