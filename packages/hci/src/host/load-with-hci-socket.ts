import { createRequire, Module } from 'node:module';
import { dirname, sep } from 'node:path';
import type { Duplex } from 'node:stream';
import { format } from 'node:util';
import { EtherError } from '../ether/ether-error.ts';
import { hciSocketClass } from './hci-socket.ts';
import type { ChannelMode } from './kernel-channel.ts';
import { inChannelMode } from './start-host.ts';

const socketPackage = '@abandonware/bluetooth-hci-socket';

/** Which library is loaded, and what its sockets are made of. */
export interface LoadWithHciSocketOptions {
  /** The module on whose behalf is loaded: `import.meta.url` of a package that depends on `packageName`. */
  readonly parent: string | URL;
  /** `@abandonware/noble` or `@abandonware/bleno`. */
  readonly packageName: string;
  /** Makes the stream, once, when the host binds its socket. */
  readonly open: () => Duplex;
  /** How the host treats the controller; `user` when left out: as its own, which it resets. */
  readonly mode?: ChannelMode;
  /** Takes what the host would write to the console, where data of the command belongs; nobody when left out. */
  readonly said?: ((text: string) => void) | undefined;
}

/**
 * Loads a fresh instance of noble or bleno whose HCI socket is the stream of `open`, and leaves
 * `require.cache` as it was: others who load the package get the real one. `load` gets a `require` that
 * resolves from `parent`. The native package that both hosts ask for need not be installed.
 *
 * @throws {EtherError} the package is not installed.
 */
export function loadWithHciSocket<T>(
  load: (require: NodeJS.Require) => T,
  { parent, packageName, open, mode = 'user', said = () => {} }: LoadWithHciSocketOptions,
): T {
  const parentRequire = createRequire(parent);
  const directory = dirname(resolve(parentRequire, packageName)) + sep;
  const { cache } = parentRequire;
  const isReplaced = (path: string): boolean =>
    path.startsWith(directory) && !path.slice(directory.length).includes('node_modules');

  const take = (): [string, NodeJS.Module | undefined][] => {
    const taken = Object.entries(cache).filter(([path]) => isReplaced(path));
    for (const [path] of taken) delete cache[path];
    return taken;
  };
  const real = take();
  const answers = {
    [socketPackage]: hciSocketClass(open),
    [consoleModule]: consoleOf(said),
    crypto: whenAsked(() => parentRequire('node:crypto')),
  };
  using _ = loading(answers, isReplaced);
  try {
    return inChannelMode(mode, () => load(parentRequire));
  } finally {
    take();
    for (const [path, module] of real) cache[path] = module;
  }
}

/** What `require` calls in Node: not public, but as old as Node, and the way of every tool that replaces modules. */
type LoadModule = (request: string, ...others: unknown[]) => unknown;

/** How Node compiles the text of a module: like the above. */
type CompileModule = (this: NodeJS.Module, text: string, path: string, ...others: unknown[]) => unknown;

/**
 * Until the result is disposed of, a call of `require` with one of these names returns what belongs to it, and modules
 * that are loaded from the paths of a host have a console of their own.
 */
function loading(
  answers: Readonly<Record<string, unknown>>,
  isOfHost: (path: string) => boolean,
): Disposable {
  const load: LoadModule = Reflect.get(Module, '_load');
  const compile: CompileModule = Reflect.get(Module.prototype, '_compile');
  const answer: LoadModule = (request, ...others) =>
    Object.hasOwn(answers, request) ? answers[request] : Reflect.apply(load, Module, [request, ...others]);
  const compileWithConsole: CompileModule = function (text, path, ...others) {
    const own = isOfHost(path) ? `const console = require('${consoleModule}'); ${text}` : text;
    return Reflect.apply(compile, this, [own, path, ...others]);
  };
  Reflect.set(Module, '_load', answer);
  Reflect.set(Module.prototype, '_compile', compileWithConsole);
  return {
    [Symbol.dispose]: () => {
      Reflect.set(Module, '_load', load);
      Reflect.set(Module.prototype, '_compile', compile);
    },
  };
}

/**
 * A module that is loaded when something of it is used. Hosts need cryptography for pairing only, and Node takes 10 ms to
 * load it.
 */
function whenAsked(load: () => object): object {
  return new Proxy({}, { get: (_, name) => Reflect.get(load(), name) });
}

/** By this name a module of a host gets its console. */
const consoleModule = 'ubmsc:console';

function consoleOf(said: (text: string) => void): Pick<Console, 'log' | 'info' | 'warn' | 'error'> {
  const write = (...what: unknown[]): void => said(format(...what));
  return { log: write, info: write, warn: write, error: write };
}

function resolve(from: NodeJS.Require, name: string): string {
  try {
    return from.resolve(`${name}/package.json`);
  } catch (cause) {
    const hint = `install it with "npm install --ignore-scripts ${name}"; on macOS npm needs "--force" too`;
    throw new EtherError(`${name} is not installed`, hint, { cause });
  }
}
