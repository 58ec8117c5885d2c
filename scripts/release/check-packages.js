// Judges the npm packages as those who install them will: publint, "are the types wrong?", and a program of theirs that is
// compiled with both ways in which TypeScript finds modules.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { packages, root, run } from './project.js';

// Not among the packages of the workspace, which would cost everybody who installs it a second TypeScript.
const tools = ['publint@0.3.25', '@arethetypeswrong/cli@0.18.5'];

/** The oldest TypeScript that has `await using`. */
const oldestCompiler = 'typescript@5.2';

const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
const inherit = { stdio: /** @type {const} */ ('inherit') };

/**
 * @param {string} output the folder with the packed packages
 */
export async function checkPackages(output) {
  const files = (await readdir(output))
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(output, name));
  const folder = await mkdtemp(join(tmpdir(), 'ubmsc-check-'));
  try {
    await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }\n');
    run('npm', ['install', ...quiet, ...tools], { cwd: folder });
    const tool = (/** @type {string} */ name) => join(folder, 'node_modules/.bin', name);
    for (const file of files) {
      console.log(basename(file));
      run(tool('publint'), ['--strict', file], { stdio: ['ignore', 'ignore', 'inherit'] });
      // The command has no types. Node 20.19 and newer can require ES modules, so CommonJS need not be there, too.
      if (!/^ubmsc-\d/.test(basename(file)))
        run(tool('attw'), ['--quiet', '--profile', 'esm-only', file], inherit);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await compileConsumer(files);
}

/** @param {readonly string[]} files */
async function compileConsumer(files) {
  const folder = await mkdtemp(join(tmpdir(), 'ubmsc-consumer-'));
  try {
    const libraries = packages.map(({ manifest }) => manifest.name).filter((name) => name.startsWith('@'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }\n');
    const types = `@types/node@${process.versions.node.split('.')[0]}`;
    run('npm', ['install', ...quiet, types, oldestCompiler, ...files], { cwd: folder });
    const imports = libraries.map((name, index) => `import * as library${index} from '${name}';`);
    const used = libraries.map((_, index) => `library${index}`);
    const program = `${imports.join('\n')}
import { openAdapter, type Reading } from '@ubmsc/client';
import { simulate } from '@ubmsc/simulator';

export const libraries = [${used.join(', ')}];
await using adapter = await openAdapter('sim', { simulate });
await using battery = await adapter.open('UPS_BMS');
const reading: Reading = await battery.read();
console.log(libraries.length, reading.batteryVoltage);
`;
    await writeFile(join(folder, 'program.ts'), program);
    const compilers = [root, folder].map((each) => join(each, 'node_modules/.bin/tsc'));
    for (const [module, moduleResolution] of /** @type {const} */ ([
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ])) {
      const options = [
        '--strict',
        '--target',
        'es2022',
        '--lib',
        'es2023,esnext.disposable',
        '--types',
        'node',
      ];
      const modules = ['--module', module, '--moduleResolution', moduleResolution, '--outDir', module];
      for (const compiler of compilers)
        run(compiler, [...options, ...modules, 'program.ts'], { cwd: folder, ...inherit });
      console.log(run(process.execPath, [join(folder, module, 'program.js')], { cwd: folder }).trim());
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
