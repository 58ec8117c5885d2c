// noble, bleno and the socket of the kernel go beside compiled code, where Node looks for them: installed by npm they are
// compiled, and installing fails as a whole where there is no compiler. What Linux uses needs none.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, relative, sep } from 'node:path';

/**
 * Which files of each package are taken, besides its licence.
 *
 * @type {Readonly<Record<string, RegExp>>}
 */
const packages = {
  '@abandonware/noble': /^(index|with-bindings)\.js$|^lib$|^lib\/(?!mac|win|web|distributed)/,
  '@abandonware/bleno': /^(index|with-bindings)\.js$|^index\.d\.ts$|^lib$|^lib\/(?!mac|win)/,
  // Its binaries are for Node-API: they do not depend on the version of Node.
  '@stoprocent/bluetooth-hci-socket': /^lib$|^lib\/native\.js$|^prebuilds$|^prebuilds\/linux-/,
  'node-gyp-build': /^(index|node-gyp-build)\.js$/,
  debug: /^src$|^src\//,
  ms: /^index\.js$/,
};

/** What the command has beside it: everything. */
export const vendoredPackages = Object.keys(packages);

/**
 * Copies packages into a folder `node_modules`.
 *
 * @param {readonly string[]} names
 * @param {URL} into ends with node_modules/
 */
export async function vendor(names, into) {
  await rm(into, { recursive: true, force: true });
  const require = createRequire(import.meta.url);
  for (const name of names) {
    const manifest = require.resolve(`${name}/package.json`);
    const target = new URL(`${name}/`, into);
    await cp(dirname(manifest), target, {
      recursive: true,
      filter: isTaken(dirname(manifest), packages[name] ?? /^$/),
    });
    const { version, main, license } = JSON.parse(await readFile(manifest, 'utf8'));
    await writeFile(
      new URL('package.json', target),
      `${JSON.stringify({ name, version, main, license }, null, 2)}\n`,
    );
  }
}

/**
 * @param {string} source the folder of a package
 * @param {RegExp} wanted
 * @returns {(file: string) => boolean}
 */
function isTaken(source, wanted) {
  return (file) => {
    const path = relative(source, file).replaceAll(sep, '/');
    return path === '' || /^licen[cs]e(\.\w+)?$/i.test(path) || wanted.test(path);
  };
}
