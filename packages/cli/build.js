// Bundles the command with everything but noble and bleno, which go beside the bundle, and splits it, so that a run
// loads only what it needs.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledPackages, noticesText, packageFolder, readNotices } from '../../scripts/notices.js';
import { vendor, vendoredPackages } from '../../scripts/vendored.js';

/**
 * Ink's Yoga unpacks its WebAssembly with fetch, where there is one; in Node, to ask for it loads an HTTP client, which
 * takes longer than all the rest of it.
 *
 * @type {import('esbuild').Plugin}
 */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup(bundle) {
    bundle.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
    }));
  },
};

/**
 * Of prom-client two classes are used. All of it would bring OpenTelemetry and more, which a service that runs for years
 * would keep in memory.
 *
 * @type {import('esbuild').Plugin}
 */
const promClientInPart = {
  name: 'prom-client-in-part',
  setup(bundle) {
    bundle.onLoad({ filter: /prom-client[\\/]index\.js$/ }, ({ path }) => ({
      contents: "exports.Gauge = require('./lib/gauge'); exports.Registry = require('./lib/registry');",
      resolveDir: dirname(path),
    }));
  },
};

/**
 * What tells the width of rare characters takes 100 ms to make, and a terminal UI that shows none of them never asks for
 * it: so it is made when it is asked for.
 *
 * @type {import('esbuild').Plugin}
 */
const widthsWhenAsked = {
  name: 'widths-when-asked',
  setup(bundle) {
    const wanted = /[\\/](?:string-width|slice-ansi|wrap-ansi)[\\/]index\.js$/;
    const costly = /(?<== )(?:new Intl\.Segmenter\(\)|\/\^\\p\{RGI_Emoji\}\$\/v)(?=;)/g;
    const whenAsked = `const whenAsked = (make) => {
      let made;
      const own = () => (made ??= make());
      return { segment: (text) => own().segment(text), test: (text) => own().test(text) };
    };\n`;
    bundle.onLoad({ filter: wanted }, async ({ path }) => ({
      contents: whenAsked + (await readFile(path, 'utf8')).replace(costly, 'whenAsked(() => $&)'),
    }));
  },
};

const { version } = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'));

/**
 * Commander asks for Node's processes, for commands that are programs of their own; there are none here.
 *
 * @type {import('esbuild').Plugin}
 */
const commanderWithoutPrograms = {
  name: 'commander-without-programs',
  setup(bundle) {
    bundle.onLoad({ filter: /commander[\\/]lib[\\/]command\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace("require('node:child_process')", 'undefined'),
    }));
  },
};

/**
 * Node makes a module of exports of each of its own that is imported, and for it loads even what they load when asked
 * for. Required, they are there at once.
 *
 * @type {import('esbuild').Plugin}
 */
const nodeRequired = {
  name: 'node-required',
  setup(bundle) {
    const namespace = 'node-required';
    // Each that imports it has its own: shared, it would be a file beside theirs.
    bundle.onResolve({ filter: /^node:/ }, ({ path, kind, importer }) => {
      const own = createHash('md5')
        .update(relative(import.meta.dirname, importer))
        .digest('hex');
      return kind === 'import-statement' ? { path, namespace, suffix: `?${own}` } : undefined;
    });
    // What nothing imports is not asked for.
    bundle.onLoad({ filter: /.*/, namespace }, async ({ path }) => ({
      contents: `const node = require(${JSON.stringify(path)});
        export default node;
        ${Object.keys(await import(path))
          .filter((name) => name !== 'default' && name !== 'module.exports')
          .map((name) => `export const ${name} = /* @__PURE__ */ (() => node.${name})();`)
          .join('\n')}`,
    }));
  },
};

/** The module that the command begins with. */
const main = 'src/main.ts';

/** @satisfies {import('esbuild').BuildOptions} */
const options = {
  absWorkingDir: import.meta.dirname,
  entryPoints: [main],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['@ubmsc/source'],
  // Ink asks for the last one only when it is debugged.
  plugins: [commanderWithoutPrograms, nodeRequired, promClientInPart, widthsWhenAsked, yogaWithoutFetch],
  external: ['@abandonware/*', 'react-devtools-core'],
  define: {
    "process.env['UBMSC_VERSION']": JSON.stringify(version),
    // React has another build for development, which is slow.
    'process.env.NODE_ENV': '"production"',
  },

  // CommonJS packages in the bundle ask for Node's modules through require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  // Node reads all of a file before it runs the first line: comments and indents are a fifth of that time.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  sourcemap: 'linked',
  metafile: true,
};

/** A file that is smaller than this takes longer to find and to open than to read, in bytes. */
const SMALL = 3000;

/**
 * What the command always loads becomes one file: each file costs a start several times as much as its lines do. The
 * bundler shares out modules by the entry points that reach them, and takes every `import()` for an entry point that
 * might come alone; here, each of them says that the command is there already. Our small modules that several of them
 * share are in that file, too, when they need nothing that it does not.
 *
 * @type {import('esbuild').Plugin}
 */
const besideTheCommand = {
  name: 'beside-the-command',
  async setup(bundle) {
    const { metafile } = await build({ ...options, write: false });
    const outputs = Object.entries(metafile.outputs);
    const later = new Set(
      outputs.flatMap(([, { entryPoint = main }]) => (entryPoint === main ? [] : [inFolder(entryPoint)])),
    );
    const first = outputs.find(([, { entryPoint }]) => entryPoint === main)?.[0] ?? '';
    const loaded = new Set([first]);
    for (const name of loaded) for (const each of loadedBy(metafile, name)) loaded.add(each);
    const neededAnyway = new Set([...loaded].flatMap((name) => nodesIn(metafile, name)));
    const shared = new Set();
    // One that is loaded can be all that another needs: in the order of their needs, each is found at last.
    for (const _ of outputs)
      for (const [name, { entryPoint, bytes, inputs }] of outputs) {
        if (entryPoint || bytes >= SMALL || loaded.has(name)) continue;
        if (!loadedBy(metafile, name).every((each) => loaded.has(each))) continue;
        if (!nodesIn(metafile, name).every((each) => neededAnyway.has(each))) continue;
        loaded.add(name);
        for (const input of Object.keys(inputs)) if (input.startsWith('src/')) shared.add(inFolder(input));
      }
    bundle.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      const beside = path === inFolder(main) ? [...shared] : later.has(path) ? [inFolder(main)] : [];
      return beside.length === 0
        ? undefined
        : {
            contents: [
              await readFile(path, 'utf8'),
              // Source maps have these lines: they must not depend on where the clone is.
              ...beside.map((each) => `import ${JSON.stringify(`./${relative(dirname(path), each)}`)};`),
            ].join('\n'),
            loader: path.endsWith('x') ? 'tsx' : 'ts',
          };
    });
  },
};

/** @param {string} path from this folder */
function inFolder(path) {
  return resolve(import.meta.dirname, path);
}

/**
 * The files that a file of the bundle loads before it runs.
 *
 * @param {import('esbuild').Metafile} metafile
 * @param {string} name
 */
function loadedBy({ outputs }, name) {
  const imports = outputs[name]?.imports ?? [];
  return imports
    .filter(({ kind, external }) => kind === 'import-statement' && !external)
    .map(({ path }) => path);
}

/**
 * The modules of Node that a file of the bundle requires.
 *
 * @param {import('esbuild').Metafile} metafile
 * @param {string} name
 */
function nodesIn({ outputs }, name) {
  return Object.keys(outputs[name]?.inputs ?? {}).flatMap((input) => /node:[^?]+(?=\?)/.exec(input) ?? []);
}

await rm(new URL('dist', import.meta.url), { recursive: true, force: true });
const { metafile } = await build({ ...options, plugins: [...options.plugins, besideTheCommand] });

// esbuild keeps whether a block with `using` has thrown in a variable of the whole function: in a loop, the error of one
// round would be thrown again at the end of the next. It is forgotten as soon as it is read.
const folder = new URL('dist/', import.meta.url);
const disposals = /__callDispose\((\w+),(\w+),(\w+)\)/g;
for (const name of await readdir(folder, { recursive: true })) {
  if (!name.endsWith('.js')) continue;
  const file = new URL(name, folder);
  const code = await readFile(file, 'utf8');
  const mended = code.replace(disposals, '__callDispose($1,$2,[$3,$3=false][0])');
  if (/__callDispose\((?!\w+,\w+,\[)/.test(mended))
    throw new Error(`${name} has a disposal of an unknown form`);
  if (mended !== code) await writeFile(file, mended);
}

// noble and bleno are loaded again for each adapter, so they cannot be in the bundle.
await vendor(vendoredPackages, new URL('dist/node_modules/', import.meta.url));

// The thread that checks passwords loads its library by itself.
const bcryptjs = createRequire(new URL('../exporter/package.json', import.meta.url)).resolve('bcryptjs');
const beside = new URL('dist/node_modules/bcryptjs/', import.meta.url);
await cp(bcryptjs, new URL('index.js', beside));
await writeFile(new URL('package.json', beside), JSON.stringify({ name: 'bcryptjs', main: 'index.js' }));

// What the page of `ubmsc web` is made of is in the bundle, too.
const ofPage = ['preact', 'uplot'].map((name) =>
  packageFolder(name, new URL('../web/', import.meta.url).href),
);
const ofVendored = vendoredPackages.map((name) => packageFolder(name, import.meta.url));
const notices = await readNotices([
  ...bundledPackages(metafile, import.meta.dirname),
  ...ofPage,
  ...ofVendored,
  packageFolder('bcryptjs', new URL('../exporter/', import.meta.url).href),
]);
await writeFile(new URL('dist/THIRD-PARTY-NOTICES.md', import.meta.url), noticesText(notices));
await writeFile(
  new URL('dist/third-party.json', import.meta.url),
  `${JSON.stringify(
    notices.map(({ name, version: its, license }) => ({ name, version: its, license })),
    null,
    2,
  )}\n`,
);

// The recordings of `sim:NAME`.
await cp(new URL('../../fixtures', import.meta.url), new URL('dist/fixtures', import.meta.url), {
  recursive: true,
  filter: (path) => !path.endsWith('/loads'),
});

// The page of `ubmsc web`.
await cp(new URL('../web/dist/page', import.meta.url), new URL('dist/page', import.meta.url), {
  recursive: true,
});

// Asked alone, help and version are answered from these files.
const { helpText } = await import(new URL('dist/main.js', import.meta.url).href);
await writeFile(new URL('dist/help.txt', import.meta.url), helpText());
await writeFile(new URL('dist/version.txt', import.meta.url), `${version}\n`);

const manual = execFileSync(process.execPath, [
  fileURLToPath(new URL('bin/ubmsc.cjs', import.meta.url)),
  'generate',
  'man',
]);
await writeFile(new URL('dist/ubmsc.1', import.meta.url), manual);
