// The npm packages: what they contain is gathered in folders of their own, then packed.
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noticesText, packageFolder, readNotices } from '../notices.js';
import { vendor } from '../vendored.js';
import { metadata, packages, repository, root, run } from './project.js';

/**
 * What libraries have beside their code, and where: installed by npm it would be compiled. The folder is that of the file
 * that asks for it.
 *
 * @type {Readonly<Record<string, { folder: string, names: string[] }>>}
 */
const besideCode = {
  '@ubmsc/client': { folder: 'dist/noble', names: ['@abandonware/noble', 'debug', 'ms'] },
  '@ubmsc/simulator': { folder: 'dist/carriers', names: ['@abandonware/bleno', 'debug', 'ms'] },
  '@ubmsc/hci': { folder: 'dist/host', names: ['@stoprocent/bluetooth-hci-socket', 'node-gyp-build'] },
};

/**
 * noble with its native parts is for macOS and Windows alone. As an optional dependency, npm would compile it on Linux, too,
 * for nothing; so whoever needs it installs it.
 */
const peer = '@abandonware/noble';

/**
 * Gathers each public package in a folder of its own, and packs it.
 *
 * @param {string} staging
 * @param {string} output
 * @returns {Promise<string[]>} the files
 */
export async function makeNpmPackages(staging, output) {
  const files = [];
  for (const each of packages) {
    const folder = join(staging, each.manifest.name);
    await gather(each, folder);
    run('chmod', ['-R', 'u=rwX,go=rX', folder]);
    const packed = run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', output], {
      cwd: folder,
    });
    files.push(join(output, packed.trim().split('\n').at(-1) ?? ''));
  }
  return files;
}

/** @param {import('./project.js').Package} each @param {string} folder */
async function gather({ folder: source, manifest }, folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of manifest.files) {
    await cp(join(root, source, name), join(folder, name), { recursive: true, filter: isShipped });
  }
  await forOtherCompilers(join(folder, 'dist'));
  await cp(join(root, source, 'README.md'), join(folder, 'README.md'));
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const beside = besideCode[manifest.name];
  if (beside) {
    await vendor(beside.names, pathToFileURL(join(folder, beside.folder, 'node_modules/')));
    const from = pathToFileURL(join(root, 'package.json')).href;
    const notices = await readNotices(beside.names.map((name) => packageFolder(name, from)));
    await writeFile(join(folder, 'dist/THIRD-PARTY-NOTICES.md'), noticesText(notices));
  }
  await writeFile(
    join(folder, 'package.json'),
    `${JSON.stringify(published(manifest, source, beside?.names ?? []), null, 2)}\n`,
  );
}

/** Source maps go into an archive of their own: they are half of it all. */
/** @param {string} file */
function isShipped(file) {
  return !file.endsWith('.map') && !file.endsWith('.tsbuildinfo') && !file.endsWith('.tgz');
}

/** @param {import('./project.js').Manifest} manifest @param {string} source @param {readonly string[]} besides */
function published(manifest, source, besides) {
  const {
    name,
    version,
    description,
    type,
    sideEffects,
    engines,
    bin,
    man,
    files,
    exports: entries,
  } = manifest;
  const { dependencies = {}, optionalDependencies = {} } = manifest;
  const isBeside = (/** @type {string} */ each) =>
    besides.includes(each) || each === '@stoprocent/bluetooth-hci-socket';
  const needed = Object.entries(dependencies).filter(([each]) => !isBeside(each));
  const wanted = Object.entries({ ...dependencies, ...optionalDependencies }).filter(
    ([each]) => each === peer,
  );
  return {
    name,
    version,
    description,
    ...metadata,
    ...(repository && {
      repository: { type: 'git', url: `git+${repository}.git`, directory: source },
      homepage: `${repository}#readme`,
      bugs: `${repository}/issues`,
    }),
    type,
    sideEffects,
    engines,
    bin,
    man,
    files,
    exports: entries && { '.': { types: entries['.'].types, default: entries['.'].default } },
    dependencies: needed.length > 0 ? Object.fromEntries(needed) : undefined,
    ...(wanted.length > 0 && {
      peerDependencies: Object.fromEntries(wanted),
      peerDependenciesMeta: { [peer]: { optional: true } },
    }),
  };
}

/**
 * Declarations import each other as the sources do, by .ts; TypeScript before 5.7 does not look for .d.ts then. Nor does it
 * know that arrays of bytes are generic.
 */
/** @param {string} folder */
async function forOtherCompilers(folder) {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(folder, name);
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text
        .replace(/((?:from|import\()\s*['"]\.\.?\/[^'"]*)\.tsx?(['"])/g, '$1.js$2')
        .replace(/\b(Buffer|Uint8Array)<ArrayBuffer(?:Like)?>/g, '$1'),
    );
  }
}
