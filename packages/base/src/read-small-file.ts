import { createReadStream } from 'node:fs';
import { UsageError } from './errors.ts';
import { fileReason } from './file-problem.ts';

/** Longest file, in bytes: a secret, a certificate with those above it, a configuration. */
const LONGEST = 1_000_000;

/**
 * The content of a file that the user has named. No more is read of it than what is allowed: a device may have no end.
 * @throws {UsageError} it cannot be read, or is longer than 1 MB.
 */
export async function readSmallFile(file: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of createReadStream(file, { end: LONGEST }))
      if (chunk instanceof Uint8Array) chunks.push(chunk);
  } catch (cause) {
    throw new UsageError(
      `cannot read ${file}: ${fileReason(cause)}`,
      'give a file that exists and that ubmsc may read',
      {
        cause,
      },
    );
  }
  const content = Buffer.concat(chunks);
  if (content.length > LONGEST)
    throw new UsageError(`${file} is longer than 1 MB`, 'name the file that was meant');
  return content;
}
