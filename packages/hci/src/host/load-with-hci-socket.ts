import { createRequire, Module } from 'node:module';
import { dirname, sep } from 'node:path';
import type { Duplex } from 'node:stream';
import { EtherError } from '../ether/ether-error.ts';
import { hciSocketClass } from './hci-socket.ts';
import { inUserChannelMode } from './start-host.ts';

const socketPackage = '@abandonware/bluetooth-hci-socket';

export interface LoadWithHciSocketOptions {
  /** The module on whose behalf is loaded: `import.meta.url` of a package that depends on `packageName`. */
  readonly parent: string | URL;
  /** `@abandonware/noble` or `@abandonware/bleno`. */
  readonly packageName: string;
  /** Makes the stream, once, when the host binds its socket. */
  readonly open: () => Duplex;
}

/**
 * Loads a fresh instance of noble or bleno whose HCI socket is the stream of `open`, and leaves
 * `require.cache` as it was: others who load the package get the real one. `load` gets a `require` that
 * resolves from `parent`. Both hosts are in user-channel mode, see `startHost`.
 *
 * On a system where npm does not install the optional `@abandonware/bluetooth-hci-socket`, there is no path
 * under which Node would look the class up, and only a hook on Node's loader could help.
 *
 * @throws {EtherError} the package, or the socket package that it needs, is not installed.
 */
export function loadWithHciSocket<T>(
  load: (require: NodeJS.Require) => T,
  { parent, packageName, open }: LoadWithHciSocketOptions,
): T {
  const parentRequire = createRequire(parent);
  const manifest = resolve(parentRequire, `${packageName}/package.json`);
  const socketPath = resolve(createRequire(manifest), socketPackage);
  const directory = dirname(manifest) + sep;
  const { cache } = parentRequire;
  const isReplaced = (path: string): boolean =>
    path === socketPath ||
    (path.startsWith(directory) && !path.slice(directory.length).includes('node_modules'));

  const take = (): [string, NodeJS.Module | undefined][] => {
    const taken = Object.entries(cache).filter(([path]) => isReplaced(path));
    for (const [path] of taken) delete cache[path];
    return taken;
  };
  const real = take();
  try {
    cache[socketPath] = moduleOf(socketPath, hciSocketClass(open));
    return inUserChannelMode(() => load(parentRequire));
  } finally {
    take();
    for (const [path, module] of real) cache[path] = module;
  }
}

function resolve(from: NodeJS.Require, request: string): string {
  try {
    return from.resolve(request);
  } catch (cause) {
    const name = request.replace(/\/package\.json$/, '');
    throw new EtherError(`${name} is not installed`, {
      hint: `install it with "npm install --ignore-scripts ${name}"; on macOS npm needs "--force" too`,
      cause,
    });
  }
}

function moduleOf(path: string, exports: unknown): NodeJS.Module {
  const module = new Module(path);
  module.filename = path;
  module.exports = exports;
  module.loaded = true;
  return module;
}
