import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const packages = fileURLToPath(new URL('../../', import.meta.url));

/** Which packages of ours each package imports: the arrows of docs/architecture.md. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  base: [],
  protocol: [],
  session: ['base', 'protocol'],
  hci: ['base'],
  recording: ['base', 'protocol', 'session', 'hci'],
  client: ['base', 'protocol', 'session', 'hci'],
  simulator: ['base', 'protocol', 'session', 'recording', 'hci'],
  energy: ['base', 'protocol', 'session'],
  exporter: ['base', 'protocol', 'session'],
  mqtt: ['base', 'protocol', 'session'],
  history: ['base', 'protocol', 'session', 'energy'],
  web: ['base', 'protocol', 'session', 'energy', 'history'],
  tui: ['base', 'protocol', 'session', 'recording'],
  cli: [
    'base',
    'protocol',
    'session',
    'hci',
    'recording',
    'client',
    'simulator',
    'energy',
    'exporter',
    'mqtt',
    'history',
    'web',
    'tui',
  ],
};

/** Packages of others that only one file, or one folder, may name in an import or in a require. */
const importers: Readonly<Record<string, string>> = {
  '@abandonware/noble': 'client/src/noble/',
  '@jellybrick/dbus-next': 'client/src/bluez/',
  '@abandonware/bleno': 'simulator/src/carriers/bleno-host.ts',
  'prom-client': 'exporter/src/',
  ink: 'tui/src/',
};

interface Source {
  readonly package: string;
  /** From the folder of packages, with slashes. */
  readonly path: string;
  /** Without comments: they may name what code may not. */
  readonly code: string;
  /** Tests and what helps them. */
  readonly isTest: boolean;
}

const everything: readonly Source[] = readdirSync(packages).flatMap((name) =>
  readdirSync(join(packages, name), { recursive: true, encoding: 'utf8' })
    .map((path) => `${name}/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path) && !/\/(dist|node_modules)\//.test(path))
    .map((path) => ({
      package: name,
      path,
      code: readFileSync(join(packages, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
      isTest: /\.test\.tsx?$/.test(path) || !path.startsWith(`${name}/src/`) || path.includes('/test/'),
    })),
);

const sources = everything.filter((source) => !source.isTest && source.package in arrows);

function imported(code: string): string[] {
  return [...code.matchAll(/(?:from|import\(|import|require\()\s*['"]([^'"]+)['"]/g)].map(
    ([, name = '']) => name,
  );
}

/** The packages of ours that files import, in order of their names. */
function oursIn(files: readonly Source[]): readonly string[] {
  return oursOf(files.flatMap(({ code }) => imported(code)));
}

/** The packages of ours among names of packages. */
function oursOf(names: readonly string[]): readonly string[] {
  const ours = names.filter((name) => name.startsWith('@ubmsc/'));
  return [...new Set(ours.map((name) => name.split('/')[1] ?? ''))].toSorted();
}

/** A package as its own files describe it. */
interface Described {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly references?: readonly { readonly path: string }[];
}

function described(name: string, file: string): Described {
  return JSON.parse(readFileSync(join(packages, name, file), 'utf8'));
}

describe.each(Object.entries(arrows))('%s', (name, arrow) => {
  const ours = arrow.toSorted();
  const { dependencies = {}, devDependencies = {} } = described(name, 'package.json');
  // All of them are in the one file that the command is: whoever installs it needs none.
  const isBundle = name === 'cli';

  test('imports what the architecture says, all of it and no more', () => {
    expect(oursIn(sources.filter((source) => source.package === name))).toEqual(ours);
  });

  test('depends on what it imports, all of it and no more', () => {
    expect(oursOf(Object.keys(isBundle ? devDependencies : dependencies))).toEqual(ours);
  });

  test.skipIf(isBundle)('is built after what it imports', () => {
    const { references = [] } = described(name, 'tsconfig.build.json');
    const built = references.map(({ path }) => path.split('/')[1] ?? '');
    expect(built.toSorted()).toEqual(ours);
  });

  test.skipIf(isBundle)('has tests that import what is there for tests alone', () => {
    const inTests = oursIn(everything.filter((source) => source.isTest && source.package === name));
    expect(inTests).toEqual(expect.arrayContaining([...oursOf(Object.keys(devDependencies))]));
  });
});

test('the page on the architecture has the same arrows', () => {
  const page = readFileSync(join(packages, '../docs/architecture.md'), 'utf8');
  const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const written = new Map(rows.map(([, name = '', , ours]) => [name.replaceAll('`', ''), ours]));
  for (const [name, ours] of Object.entries(arrows))
    expect([name, written.get(name)]).toEqual([name, name === 'cli' ? 'all' : ours.join(', ') || '–']);
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

test('no package reaches into the folders of another, its tests neither', () => {
  const reaching = everything.filter(({ package: name, path, code }) =>
    imported(code).some(
      (specifier) =>
        // What helps tests has entries of its own, so that a test loads no more than it uses.
        /^@ubmsc\/(?!testing\/)[^/]+\//.test(specifier) ||
        (specifier.startsWith('.') &&
          !join(path, '..', specifier).startsWith(`${name}/`) &&
          !specifier.endsWith('/vitest.base.ts')),
    ),
  );
  expect(reaching.map(({ path }) => path)).toEqual([]);
});

test('what a package makes public is named, one by one', () => {
  const starred = sources.filter(({ path, code }) => path.endsWith('/index.ts') && /^export \*/m.test(code));
  expect(starred.map(({ path }) => path)).toEqual([]);
});

test('no file imports itself by way of others, types included', () => {
  const imports = new Map(
    everything.map(({ path, code }) => [
      path,
      imported(code)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => join(path, '..', specifier).replaceAll('\\', '/')),
    ]),
  );
  expect(circlesIn(imports)).toEqual([]);
});

/** Every circle that a walk along the imports closes, as the files on it. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) circles.push([...way.slice(at), path].join(' → '));
    if (at >= 0 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) walk(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) walk(path, []);
  return circles;
}
