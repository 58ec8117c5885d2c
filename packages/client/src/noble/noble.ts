import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { loadWithHciSocket, type ChannelMode, type TappableSocket } from '@ubmsc/hci';
import { log } from '@ubmsc/base';
import type { Noble } from './noble-api.ts';

/* The only file that loads noble. Names beginning with an underscore are noble's internals. */

/** What noble does on one adapter. */
export interface Bindings extends EventEmitter {
  onStateChange?: (state: string) => void;
  readonly _gatts?: Readonly<Record<string, { readonly _aclStream: EventEmitter } | undefined>>;
  readonly _hci?: AclQueue & {
    pollIsDevUp(): void;
    readLeBufferSize(): void;
    readonly _socket: TappableSocket;
  };
}

/** Where noble keeps what is to be sent: packets, and the links to which they go. */
interface AclQueue {
  _aclQueue: readonly { readonly handle: number }[];
  readonly _aclConnections: ReadonlyMap<number, unknown>;
  flushAcl(): Promise<void>;
}

/** noble and its bindings, loaded for one adapter. */
export interface LoadedNoble {
  readonly noble: Noble;
  readonly bindings: Bindings;
}

const packageName = '@abandonware/noble';

/** Loads noble for a controller: `stream` is its host's side. */
export function loadNobleOnStream(stream: Duplex, mode: ChannelMode): LoadedNoble {
  return loadWithHciSocket((require) => makeNoble(require, () => hciBindings(require)), {
    parent: import.meta.url,
    packageName,
    open: () => stream,
    mode,
    said: (text) => log('debug', 'noble', () => text),
  });
}

/** Loads noble for the Bluetooth of a system that is not Linux. Throws what the native part throws. */
export function loadNobleOnSystem(deviceId: number): LoadedNoble {
  // From the folder above, where the built command has noble with its native parts: beside the bundle it has none.
  const require = createRequire(new URL('../', import.meta.url));
  return makeNoble(require, () => systemBindings(require, { deviceId }));
}

/** Runs `run`, in which noble starts, and takes its listener off SIGINT: it ends the process before links are closed. */
export function withoutSigint(run: () => void): void {
  const before = new Set(process.listeners('SIGINT'));
  run();
  for (const listener of process.listeners('SIGINT')) {
    if (!before.has(listener)) process.off('SIGINT', listener);
  }
}

function makeNoble(require: NodeJS.Require, makeBindings: () => Bindings): LoadedNoble {
  const withBindings: (bindings: Bindings) => Noble = require(`${packageName}/with-bindings`);
  const bindings = makeBindings();
  // noble's own method writes advice for some states to standard output, where data belongs.
  bindings.onStateChange = (state) => bindings.emit('stateChange', state);
  if (bindings._hci) forgetLostLinks(bindings._hci);
  const noble = withBindings(bindings);
  noble.setMaxListeners(0); // whoever looks for a battery listens
  // With its own listener only, noble writes warnings to the console.
  noble.on('warning', (text: unknown) => log('debug', 'noble', () => String(text)));
  return { noble, bindings };
}

/** noble queues packets for links that have been lost a moment before, and throws when it sends them. */
function forgetLostLinks(hci: AclQueue): void {
  const flush = hci.flushAcl.bind(hci);
  hci.flushAcl = async () => {
    hci._aclQueue = hci._aclQueue.filter(({ handle }) => hci._aclConnections.has(handle));
    await flush();
  };
}

function hciBindings(require: NodeJS.Require): Bindings {
  const HciBindings: new (options: object) => Bindings = require(`${packageName}/lib/hci-socket/bindings`);
  return new HciBindings({});
}

function systemBindings(require: NodeJS.Require, options: object): Bindings {
  const resolveBindings: (options: object) => Bindings = require(`${packageName}/lib/resolve-bindings`);
  return resolveBindings(options);
}
