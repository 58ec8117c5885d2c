// Container images as files: `docker load -i FILE`, or any tool that reads OCI layouts. They need no container engine to be
// made: one layer has Node and its libraries from Debian, one has what the package for Debian has, one the state folder.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from './archives.js';
import { epoch, repository, root, run, version } from './project.js';

const suite = 'trixie';
const included = ['base-files', 'nodejs', 'ca-certificates', 'tzdata'];
const architectures = /** @type {const} */ (['amd64', 'arm64']);
/** The user as whom it runs. */
const user = 1000;

/**
 * @param {string} staging has the unpacked packages for Debian
 * @param {string} output
 */
export async function makeImages(staging, output) {
  if (!isInstalled('mmdebstrap')) {
    console.log('skipped: they need mmdebstrap (apt install mmdebstrap debian-archive-keyring)');
    return;
  }
  for (const architecture of architectures) await makeImage(architecture, staging, output);
}

/** @param {string} architecture @param {string} staging @param {string} output */
async function makeImage(architecture, staging, output) {
  const folder = join(staging, `image-${architecture}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'oci/blobs/sha256'), { recursive: true });
  const system = join(folder, 'system.tar');
  run(
    'mmdebstrap',
    [
      '--quiet',
      '--variant=extract',
      `--architectures=${architecture}`,
      `--include=${included.join(',')}`,
      '--keyring=/usr/share/keyrings/debian-archive-keyring.gpg',
      suite,
      system,
      process.env.DEBIAN_MIRROR ?? 'http://deb.debian.org/debian',
    ],
    { env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) } },
  );

  const files = join(folder, 'files');
  await cp(join(staging, `deb-${architecture}/usr/lib`), join(files, 'usr/lib'), { recursive: true });
  await cp(join(staging, `deb-${architecture}/usr/bin`), join(files, 'usr/bin'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  await rm(join(files, 'usr/lib/systemd'), { recursive: true });
  await mkdir(join(files, 'etc/ssl/certs'), { recursive: true });
  await writeFile(
    join(files, 'etc/passwd'),
    `root:x:0:0:root:/root:/usr/sbin/nologin\nubmsc:x:${user}:${user}::/var/lib/ubmsc:/usr/sbin/nologin\n`,
  );
  await writeFile(join(files, 'etc/group'), `root:x:0:\nubmsc:x:${user}:\n`);
  // The package makes this file when it is configured, which here it is not.
  const authorities = run('tar', [
    '-xOf',
    system,
    '--wildcards',
    './usr/share/ca-certificates/mozilla/*.crt',
  ]);
  await writeFile(join(files, 'etc/ssl/certs/ca-certificates.crt'), authorities);
  pack(files, join(folder, 'files.tar'), ['etc', 'usr']);

  const state = join(folder, 'state');
  await mkdir(join(state, 'var/lib/ubmsc'), { recursive: true });
  pack(state, join(folder, 'state.tar'), ['var/lib/ubmsc'], user);

  await writeLayout(join(folder, 'oci'), architecture, [
    system,
    join(folder, 'files.tar'),
    join(folder, 'state.tar'),
  ]);
  const file = join(output, `ubmsc-${version}-image-${architecture}.tar`);
  pack(join(folder, 'oci'), file, ['blobs', 'index.json', 'manifest.json', 'oci-layout']);
}

/** https://github.com/opencontainers/image-spec, and manifest.json for versions of Docker that do not read it. */
/** @param {string} folder @param {string} architecture @param {readonly string[]} tars */
async function writeLayout(folder, architecture, tars) {
  const created = new Date(epoch * 1000).toISOString();
  const blob = async (/** @type {string} */ mediaType, /** @type {Buffer} */ content) => {
    const hash = createHash('sha256').update(content).digest('hex');
    await writeFile(join(folder, 'blobs/sha256', hash), content);
    return { mediaType, digest: `sha256:${hash}`, size: content.length };
  };
  const json = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value));
  const layers = [];
  const ids = [];
  for (const tar of tars) {
    const content = await readFile(tar);
    ids.push(`sha256:${createHash('sha256').update(content).digest('hex')}`);
    layers.push(await blob('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(content, { level: 6 })));
  }
  const config = await blob(
    'application/vnd.oci.image.config.v1+json',
    json({
      created,
      architecture,
      os: 'linux',
      config: {
        ...runtime(await readFile(join(root, 'deploy/Dockerfile'), 'utf8')),
        User: `${user}:${user}`,
      },
      rootfs: { type: 'layers', diff_ids: ids },
      history: ['Debian with Node', 'ubmsc', 'state'].map((comment) => ({
        created,
        created_by: 'npm run release',
        comment,
      })),
    }),
  );
  const annotations = {
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': 'MIT',
    ...(repository && { 'org.opencontainers.image.source': repository }),
  };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = await blob(mediaType, json({ schemaVersion: 2, mediaType, config, layers, annotations }));
  const tag = `ubmsc:${version}`;
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      {
        ...manifest,
        annotations: {
          'io.containerd.image.name': `docker.io/library/${tag}`,
          'org.opencontainers.image.ref.name': version,
        },
      },
    ],
  };
  const path = (/** @type {{ digest: string }} */ { digest }) => `blobs/${digest.replace(':', '/')}`;
  await writeFile(join(folder, 'index.json'), json(index));
  await writeFile(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
  await writeFile(
    join(folder, 'manifest.json'),
    json([{ Config: path(config), RepoTags: [tag], Layers: layers.map(path) }]),
  );
}

/** How the image that the Dockerfile describes runs: this one runs in the same way. */
/** @param {string} dockerfile */
function runtime(dockerfile) {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM ')).replaceAll('\\\n', ' ');
  const value = (/** @type {string} */ name) => new RegExp(`^${name} (.*)$`, 'm').exec(last)?.[1] ?? '';
  const seconds = (/** @type {string} */ name) =>
    Number(new RegExp(`--${name}=(\\d+)s`).exec(last)?.[1]) * 1e9;
  const variables = value('ENV')
    .split(/\s+/)
    .filter((each) => !each.startsWith('PATH='));
  return {
    Env: ['PATH=/usr/bin', 'STATE_DIRECTORY=/var/lib/ubmsc', ...variables],
    Entrypoint: JSON.parse(value('ENTRYPOINT')),
    Cmd: JSON.parse(value('CMD')),
    ExposedPorts: { [`${value('EXPOSE')}/tcp`]: {} },
    WorkingDir: '/var/lib/ubmsc',
    Healthcheck: {
      Test: JSON.parse(/^HEALTHCHECK.*? CMD (\[.*\])$/m.exec(last)?.[1] ?? '[]').toSpliced(0, 0, 'CMD'),
      Interval: seconds('interval'),
      Timeout: seconds('timeout'),
      StartPeriod: seconds('start-period'),
    },
  };
}

/** @param {string} program */
function isInstalled(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
