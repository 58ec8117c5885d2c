// Builds the page into dist/page: one script, one style sheet, and what is copied as it is.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const page = new URL('page/', import.meta.url);
const target = new URL('dist/page/', import.meta.url);

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: { app: 'page/app.tsx' },
  outdir: 'dist/page',
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  // Phones that are some years old.
  target: ['chrome100', 'safari15.4', 'firefox100'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
});
const graphs = await readFile(createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css'), 'utf8');
await writeFile(
  new URL('app.css', target),
  `${graphs}\n${await readFile(new URL('style.css', page), 'utf8')}`,
);
for (const name of ['index.html', 'app.webmanifest', 'icon.svg', 'icon.png']) {
  await copyFile(new URL(name, page), new URL(name, target));
}
