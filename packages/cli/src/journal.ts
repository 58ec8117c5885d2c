import { once } from 'node:events';
import { connect } from 'node:net';
import { withPriority } from './journal-lines.ts';
import type { LogSink } from './log-sink.ts';

/** Where journald takes log streams (sd_journal_stream_fd(3)). */
const journalSocket = '/run/systemd/journal/stdout';

/** A log stream to journald, or undefined where journald does not run. */
export async function connectJournal(path = journalSocket): Promise<LogSink | undefined> {
  const socket = connect(path);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1000) });
  } catch {
    socket.destroy();
    return undefined;
  }
  socket.on('error', () => {}); // journald restarts; the log is not worth ending for
  // Identifier, unit, priority, whether lines begin with their own, and three sinks to forward to.
  socket.write('ubmsc\n\n6\n1\n0\n0\n0\n');
  return {
    write: (level, line) => socket.write(`${withPriority(level, line)}\n`),
    [Symbol.dispose]: () => socket.end(),
  };
}
