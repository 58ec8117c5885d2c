import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const packages = fileURLToPath(new URL('../../', import.meta.url));

/** Which packages of ours each package may import: the arrows of docs/architecture.md. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  hci: [],
  client: ['protocol', 'hci'],
  simulator: ['protocol', 'hci'],
  exporter: ['protocol'],
  tui: ['protocol'],
  cli: ['protocol', 'hci', 'client', 'simulator', 'exporter', 'tui'],
  e2e: ['protocol', 'hci', 'client', 'simulator', 'exporter', 'tui'],
};

/** Packages of others that only one file, or one folder, may name in an import or in a require. */
const importers: Readonly<Record<string, string>> = {
  '@abandonware/noble': 'client/src/noble/',
  '@abandonware/bleno': 'simulator/src/bleno-host.ts',
  'prom-client': 'exporter/src/',
  ink: 'tui/src/',
};

const sources = Object.keys(arrows).flatMap((name) =>
  readdirSync(join(packages, name, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/[\\/]test[\\/]/.test(path))
    .map((path) => ({
      package: name,
      path: relative(packages, path).replaceAll('\\', '/'),
      // Comments may name what code may not.
      code: readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
    })),
);

function imported(code: string): string[] {
  return [...code.matchAll(/(?:from|import\(|import|require\()\s*['"]([^'"]+)['"]/g)].map(
    ([, name = '']) => name,
  );
}

test.each(Object.keys(arrows))('%s imports only what the architecture lets it import', (name) => {
  const ours = sources
    .filter((source) => source.package === name)
    .flatMap(({ path, code }) =>
      imported(code)
        .filter((specifier) => specifier.startsWith('@ubmsc/'))
        .map((specifier) => ({ path, specifier })),
    );
  const wrong = ours.filter(({ specifier }) => !arrows[name]?.includes(specifier.slice('@ubmsc/'.length)));
  expect(wrong).toEqual([]);
});

describe.each(Object.entries(importers))('%s', (library, place) => {
  test(`is named in ${place} only`, () => {
    const naming = sources.filter(({ code }) => code.includes(`'${library}'`)).map(({ path }) => path);
    expect(naming.filter((path) => !path.startsWith(place))).toEqual([]);
  });
});

test('protocol imports nothing at all, so it runs in a browser', () => {
  const specifiers = sources
    .filter((source) => source.package === 'protocol')
    .flatMap(({ code }) => imported(code))
    .filter((specifier) => !specifier.startsWith('.'));
  expect(specifiers).toEqual([]);
});

test('no package reaches into the folders of another', () => {
  const reaching = sources.filter(({ code }) =>
    imported(code).some((name) => /^@ubmsc\/[^/]+\/|\.\.\/\.\.\/\.\.\//.test(name)),
  );
  expect(reaching.map(({ path }) => path)).toEqual([]);
});
