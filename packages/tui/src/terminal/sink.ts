import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';

/** Where the bytes for a terminal go. */
export interface Sink {
  /** Takes bytes without waiting, and returns how many. Throws when the terminal is gone. */
  take(bytes: Uint8Array): number;
  close(): void;
}

/**
 * The terminal of a stream, opened once more so that writing to it never waits: Node itself writes to terminals
 * synchronously, and one that stops reading (Ctrl-S, a stuck ssh) would stop the whole program. Where it cannot be opened
 * again (another user's terminal, Windows), the stream is used as it is.
 */
export function sinkOf(output: WriteStream): Sink {
  const fd = 'fd' in output ? output.fd : undefined;
  if (typeof fd !== 'number' || process.platform === 'win32') return streamSink(output);
  try {
    return ttySink(openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY));
  } catch {
    return streamSink(output);
  }
}

function ttySink(fd: number): Sink {
  return {
    take(bytes) {
      try {
        return writeSync(fd, bytes);
      } catch (error) {
        if (isBusy(error)) return 0;
        throw error;
      }
    },
    close: () => closeSync(fd),
  };
}

function streamSink(output: WriteStream): Sink {
  return {
    take(bytes) {
      if (output.writableNeedDrain) return 0;
      output.write(bytes);
      return bytes.length;
    },
    close: () => {},
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EINTR');
}
