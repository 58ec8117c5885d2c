// Names the packages of others that a bundle contains, with their licences.
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';

/** @typedef {{ name: string, version: string, license: string, text: string }} Notice */

/**
 * The packages whose files an esbuild bundle was made of.
 *
 * @param {import('esbuild').Metafile} metafile its paths are relative to `folder`
 * @param {string} folder
 * @returns {string[]} their folders
 */
export function bundledPackages(metafile, folder) {
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? path : [])),
  );
  const folders = used.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].map((path) => join(folder, path));
}

/**
 * @param {string} name of a package that is installed
 * @param {string} from the file or URL that needs it
 */
export function packageFolder(name, from) {
  // Not every package lets its package.json be resolved.
  const file = createRequire(from).resolve(name).replaceAll(sep, '/');
  const within = `/node_modules/${name}/`;
  return file.slice(0, file.lastIndexOf(within) + within.length - 1);
}

/**
 * @param {readonly string[]} folders of packages
 * @returns {Promise<Notice[]>} in the order of their names
 */
export async function readNotices(folders) {
  const notices = await Promise.all([...new Set(folders)].map(readNotice));
  /** @param {Notice} notice */
  const key = ({ name, version }) => `${name}@${version}`;
  // A package of one version may be installed in several places.
  const unique = new Map(notices.map((notice) => [key(notice), notice]));
  return [...unique.values()].toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/**
 * @param {readonly Notice[]} notices
 * @returns {string}
 */
export function noticesText(notices) {
  const parts = notices.map(
    ({ name, version, license, text }) => `## ${name} ${version} (${license})\n\n${text.trim()}\n`,
  );
  return `# Packages of others in this one\n\n${parts.join('\n')}`;
}

/**
 * @param {string} folder of a package
 * @returns {Promise<Notice>}
 */
async function readNotice(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e(\.\w+)?$/i.test(each));
  const text = file === undefined ? `Licence: ${license}` : await readFile(join(folder, file), 'utf8');
  return { name, version, license, text };
}
