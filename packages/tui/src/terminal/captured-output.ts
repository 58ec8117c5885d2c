import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';

/** Longest line that is kept, in characters. */
const LONGEST = 500;

/**
 * Until it is disposed of, what the program and its libraries would write over the screen goes to `take` instead, line
 * by line: the console, standard error, warnings of Node.
 */
export function captureOutput(take: (line: string) => void): Disposable {
  let rest = '';
  const write = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST);
    for (const line of lines) if (line.trim() !== '') take(line.slice(0, LONGEST));
  };
  const sink = new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      write(typeof chunk === 'string' ? chunk : String(chunk));
      done();
    },
  });
  const { console: ownConsole } = globalThis;
  const { stderr } = process;
  const ownWrite = Object.getOwnPropertyDescriptor(stderr, 'write');
  const onWarning = (warning: Error): void => take(`${warning.name}: ${warning.message}`);
  const warningListeners = process.listeners('warning');
  globalThis.console = new Console({ stdout: sink, stderr: sink });
  stderr.write = (chunk: unknown, ...others: unknown[]): boolean => {
    write(
      chunk instanceof Uint8Array
        ? Buffer.from(chunk).toString('utf8')
        : typeof chunk === 'string'
          ? chunk
          : inspect(chunk),
    );
    const done = others.find((each): each is () => void => typeof each === 'function');
    if (done) process.nextTick(done);
    return true;
  };
  process.removeAllListeners('warning');
  process.on('warning', onWarning);
  return {
    [Symbol.dispose]() {
      globalThis.console = ownConsole;
      if (ownWrite) Object.defineProperty(stderr, 'write', ownWrite);
      else Reflect.deleteProperty(stderr, 'write');
      process.off('warning', onWarning);
      for (const listener of warningListeners) process.on('warning', listener);
    },
  };
}
