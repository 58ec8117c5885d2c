import type { ChannelMode } from './kernel-channel.ts';

const variable = 'HCI_CHANNEL_USER';

/**
 * Starts noble or bleno: `run` is the call in which the host binds its socket. In user-channel mode it resets the
 * controller and leaves no timer behind. Dispose of the result, after the end of the socket's stream, to take the
 * listeners that the host put on `process` off again.
 */
export function startHost(run: () => void, mode: ChannelMode = 'user'): Disposable {
  const sigint = new Set(process.listeners('SIGINT'));
  const exit = new Set(process.listeners('exit'));
  inChannelMode(mode, run);
  const addedSigint = process.listeners('SIGINT').filter((listener) => !sigint.has(listener));
  const addedExit = process.listeners('exit').filter((listener) => !exit.has(listener));
  return {
    [Symbol.dispose]() {
      for (const listener of addedSigint) process.off('SIGINT', listener);
      for (const listener of addedExit) process.off('exit', listener);
    },
  };
}

/** Both hosts ask the environment for the mode: noble when it is loaded, bleno when it binds. */
export function inChannelMode<T>(mode: ChannelMode, run: () => T): T {
  const before = process.env[variable];
  setVariable(mode === 'user' ? '1' : undefined);
  try {
    return run();
  } finally {
    setVariable(before);
  }
}

function setVariable(value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, variable);
  else process.env[variable] = value;
}
