// Packages for Debian: the command with everything it needs but Node.
import { chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { epoch, metadata, repository, root, run, version } from './project.js';

/** Debian's names of architectures, and the native parts of each. */
const architectures = {
  amd64: /^linux-x64\/.*\.glibc\.node$/,
  arm64: /^linux-arm64\//,
  armhf: /^linux-arm\//,
};

/** Debian asks for an address here; there is none to which mail could be sent. */
const maintainer = `${metadata.author} <ubmsc@ubmsc.invalid>`;

const nativeParts = 'usr/lib/ubmsc/dist/node_modules/@stoprocent/bluetooth-hci-socket/prebuilds';

/**
 * @param {string} command the folder of the npm package of the command
 * @param {string} staging
 * @param {string} output
 */
export async function makeDebs(command, staging, output) {
  for (const [architecture, native] of Object.entries(architectures)) {
    const folder = join(staging, `deb-${architecture}`);
    await rm(folder, { recursive: true, force: true });
    await addCommand(command, folder, native);
    await addRest(command, folder);
    await addControl(folder, architecture);
    const file = join(output, `ubmsc_${version}_${architecture}.deb`);
    run('chmod', ['-R', 'u=rwX,go=rX', folder]);
    run('dpkg-deb', ['--root-owner-group', '-Zxz', '--threads-max=1', '--build', folder, file], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
    });
  }
}

/** @param {string} command @param {string} folder @param {RegExp} native */
async function addCommand(command, folder, native) {
  const library = join(folder, 'usr/lib/ubmsc');
  await cp(command, library, { recursive: true });
  for (const name of ['LICENSE', 'README.md', 'dist/THIRD-PARTY-NOTICES.md']) await rm(join(library, name));
  const parts = join(folder, nativeParts);
  for (const name of await readdir(parts, { recursive: true })) {
    if (name.endsWith('.node') && !native.test(name)) await rm(join(parts, name));
  }
  for (const name of await readdir(parts)) {
    if ((await readdir(join(parts, name))).length === 0) await rm(join(parts, name), { recursive: true });
  }
  const script = join(library, 'bin/ubmsc.cjs');
  // The Node of the package, whatever a user has first on the path.
  await writeFile(script, (await readFile(script, 'utf8')).replace(/^#!.*/, '#!/usr/bin/node'));
  await chmod(script, 0o755);
  await mkdir(join(folder, 'usr/bin'), { recursive: true });
  await symlink('../lib/ubmsc/bin/ubmsc.cjs', join(folder, 'usr/bin/ubmsc'));
}

/** Unit, user, example, man page, completions and what Debian wants to be in every package. */
/** @param {string} command @param {string} folder */
async function addRest(command, folder) {
  const printed = (/** @type {string[]} */ ...args) =>
    run(process.execPath, [join(command, 'bin/ubmsc.cjs'), ...args], {
      env: { PATH: process.env.PATH, HOME: '/nonexistent', SOURCE_DATE_EPOCH: String(epoch) },
    });
  const deploy = join(root, 'deploy');
  const documents = 'usr/share/doc/ubmsc';
  const notices = await readFile(join(command, 'dist/THIRD-PARTY-NOTICES.md'), 'utf8');
  const license = await readFile(join(root, 'LICENSE'), 'utf8');
  const changelog = `ubmsc (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- ${maintainer}  ${debianTime()}\n`;
  /** @type {Record<string, string | Uint8Array>} */
  const files = {
    'usr/lib/systemd/system/ubmsc.service': await readFile(join(deploy, 'systemd/ubmsc.service')),
    'usr/share/man/man1/ubmsc.1.gz': packed(printed('generate', 'man')),
    'usr/share/bash-completion/completions/ubmsc': printed('completion', 'bash'),
    'usr/share/zsh/vendor-completions/_ubmsc': printed('completion', 'zsh'),
    'usr/share/fish/vendor_completions.d/ubmsc.fish': printed('completion', 'fish'),
    [`${documents}/examples/config.toml`]: await readFile(join(deploy, 'config.example.toml')),
    [`${documents}/examples/config.schema.json`]: await readFile(join(deploy, 'config.schema.json')),
    [`${documents}/copyright`]: `${license}\n${notices}`,
    [`${documents}/CHANGELOG.md.gz`]: packed(await readFile(join(root, 'CHANGELOG.md'))),
    [`${documents}/changelog.gz`]: packed(changelog),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** @param {string} folder @param {string} architecture */
async function addControl(folder, architecture) {
  const control = join(folder, 'DEBIAN');
  const installed = Number(run('du', ['-sk', '--apparent-size', folder]).split('\t')[0]);
  await mkdir(control);
  const fields = [
    'Package: ubmsc',
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${installed}`,
    'Depends: nodejs (>= 20.19), adduser',
    'Recommends: bluez',
    'Section: utils',
    'Priority: optional',
    ...(repository ? [`Homepage: ${repository}`] : []),
    'Description: reads JK battery management systems over Bluetooth LE',
    ' Cell voltages, currents, temperatures and alarms of JiKong (JK) batteries, on',
    ' a terminal, in scripts, as metrics for Prometheus and over MQTT. It comes with',
    ' a simulator, so that everything can be tried without a battery.',
  ];
  await writeFile(join(control, 'control'), `${fields.join('\n')}\n`);
  const scripts = join(root, 'deploy/debian');
  for (const name of await readdir(scripts)) {
    await cp(join(scripts, name), join(control, name));
  }
  run('chmod', ['755', ...(await readdir(scripts)).map((name) => join(control, name))]);
}

/** @param {string | Uint8Array} content */
function packed(content) {
  return gzipSync(content, { level: 9 });
}

function debianTime() {
  return new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
}
