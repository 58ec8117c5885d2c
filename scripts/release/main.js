// Makes the files of a release from a clean checkout, in dist/release. The same commit gives the same bytes. Nothing is published.
// Usage: npm run release
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSourceMaps } from './archives.js';
import { makeChangelog } from './changelog.js';
import { checkPackages } from './check-packages.js';
import { makeDebs } from './deb.js';
import { makeImages } from './image.js';
import { makeNpmPackages } from './npm-packages.js';
import { root, run, version } from './project.js';
import { makeSbom } from './sbom.js';

const output = join(root, 'dist/release');
const staging = join(root, 'dist/staging');
const inherit = { stdio: /** @type {const} */ ('inherit') };

const changed = run('git', ['status', '--porcelain']).trim();
if (changed !== '')
  throw new Error(`a release is made from a commit; these files differ from it:\n${changed}`);
const tag = process.env.GITHUB_REF_TYPE === 'tag' ? process.env.GITHUB_REF_NAME : undefined;
if (tag !== undefined && tag !== `v${version}`)
  throw new Error(`the tag ${tag} is not the version ${version}`);

await rm(join(root, 'dist'), { recursive: true, force: true });
await mkdir(output, { recursive: true });

step('build');
if (!existsSync(join(root, 'node_modules')))
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], inherit);
// From the sources alone: nx keeps what it has built of any clone on this machine.
run('npm', ['run', 'build', '--', '--output-style=static', '--skip-nx-cache'], inherit);

step('npm packages');
await makeNpmPackages(staging, output);
makeSourceMaps(output);
step('check the npm packages');
await checkPackages(output);
step('Debian packages');
await makeDebs(join(staging, 'ubmsc'), staging, output);
step('container images');
await makeImages(staging, output);
step('bill of materials, changelog, checksums');
await makeSbom(output);
await makeChangelog(output);
await writeChecksums();

async function writeChecksums() {
  const lines = [];
  for (const name of (await readdir(output)).toSorted()) {
    const content = await readFile(join(output, name));
    lines.push(`${createHash('sha256').update(content).digest('hex')}  ${name}`);
    console.log(`${String(Math.ceil((await stat(join(output, name))).size / 1024)).padStart(8)} kB  ${name}`);
  }
  await writeFile(join(output, 'SHA256SUMS'), `${lines.join('\n')}\n`);
}

/** @param {string} title */
function step(title) {
  console.log(`\n== ${title}`);
}
