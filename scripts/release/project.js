// What a release is made of: the commit, its time, the packages.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the repository. */
export const root = join(import.meta.dirname, '../..');

/** Runs a program in the repository; its output. */
/** @param {string} program @param {readonly string[]} args @param {import('node:child_process').ExecFileSyncOptions} [options] */
export function run(program, args, options = {}) {
  const stdio = /** @type {const} */ (['ignore', 'pipe', 'inherit']);
  return String(execFileSync(program, args, { cwd: root, stdio, maxBuffer: 2 ** 28, ...options }));
}

/** @param {string} file @returns {any} */
export const readJson = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

/** Everything in a release has the time of its commit, so that two runs give the same bytes. */
export const epoch = Number(
  process.env.SOURCE_DATE_EPOCH ?? run('git', ['log', '-1', '--format=%ct']).trim(),
);

export const commit = run('git', ['rev-parse', 'HEAD']).trim();

/** @type {{ version: string, keywords: string[], author: string, license: string }} */
const manifest = readJson('package.json');

export const version = manifest.version;

/** Where the repository was cloned from, where that is on the web: nothing here invents an address. */
export const repository = webAddress(
  process.env.GITHUB_REPOSITORY
    ? `${process.env.GITHUB_SERVER_URL}/${process.env.GITHUB_REPOSITORY}`
    : originUrl(),
);

/** What every package of the project has in its manifest. */
export const metadata = {
  keywords: manifest.keywords,
  author: manifest.author,
  license: manifest.license,
};

/**
 * What the release reads of a package.json.
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {string} description
 * @property {string} type
 * @property {boolean | string[]} [sideEffects]
 * @property {Record<string, string>} engines
 * @property {Record<string, string>} [bin]
 * @property {string[]} [man]
 * @property {string[]} files
 * @property {Record<string, unknown>} [exports]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/** @typedef {{ folder: string, manifest: Manifest }} Package */

/** @type {Package[]} The public packages of the workspace. */
export const packages = readdirSync(join(root, 'packages'))
  .map((name) => ({ folder: `packages/${name}`, manifest: readJson(`packages/${name}/package.json`) }))
  .filter(({ manifest: { private: isPrivate } }) => !isPrivate);

function originUrl() {
  try {
    return run('git', ['remote', 'get-url', 'origin'], { stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

/** @param {string} url */
function webAddress(url) {
  const [, host, path] =
    /^(?:https:\/\/|ssh:\/\/git@|git@)([\w-]+(?:\.[\w-]+)+)[/:](.+?)(?:\.git)?$/.exec(url) ?? [];
  return host === undefined ? undefined : `https://${host}/${path}`;
}
