import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { UsageError } from '@ubmsc/protocol';

/** What is wrong with an input, by the code of the system's error. */
const problems: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  ENOENT: ['there is no such file', 'give the path of a file, or - for standard input'],
  ENOTDIR: ['there is no such file', 'give the path of a file, or - for standard input'],
  EISDIR: ['it is a directory', 'give the path of a file in it'],
  EACCES: ['it may not be read', 'ask its owner for permission'],
  EPERM: ['it may not be read', 'ask its owner for permission'],
};

/**
 * The bytes of a file, or of standard input for `-`, as they come. Throws a UsageError when they cannot be read, and
 * the reason of the signal when it aborts.
 */
export async function* readInput(file: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stream: Readable = addAbortSignal(signal, file === '-' ? process.stdin : createReadStream(file));
  try {
    for await (const chunk of stream) {
      if (chunk instanceof Uint8Array) yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const name = file === '-' ? 'standard input' : JSON.stringify(file);
    const [problem, hint] = problems[code] ?? [
      `reading fails with ${code}`,
      'copy it elsewhere and try again',
    ];
    throw new UsageError(`cannot read ${name}: ${problem}`, hint, { cause: error });
  }
}
