// Archives whose bytes depend on their content alone: entries in order, one time, one owner, modes of no umask.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { epoch, packages, root, run, version } from './project.js';

const always = ['--sort=name', `--mtime=@${epoch}`, '--mode=u=rwX,go=rX', '--numeric-owner', '--format=gnu'];

/**
 * Packs what is in a folder.
 *
 * @param {string} folder
 * @param {string} file .tar or .tar.gz
 * @param {readonly string[]} names what of it
 * @param {number} [owner] whose it will be
 */
export function pack(folder, file, names, owner = 0) {
  const tar = file.replace(/\.gz$/, '');
  run('tar', ['-C', folder, ...always, `--owner=${owner}`, `--group=${owner}`, '-cf', tar, ...names]);
  if (file !== tar) run('gzip', ['-9', '--no-name', '--force', tar]);
}

/**
 * The source maps of all packages, which are half of what the build makes.
 *
 * @param {string} output
 */
export function makeSourceMaps(output) {
  const maps = packages.flatMap(({ folder }) =>
    readdirSync(join(root, folder, 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js.map'))
      .map((name) => join(folder, 'dist', name)),
  );
  pack(
    root,
    join(output, `ubmsc-${version}-source-maps.tar.gz`),
    maps.toSorted((one, other) => (one < other ? -1 : 1)),
  );
}
