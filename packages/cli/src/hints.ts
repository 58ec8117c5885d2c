import { realpathSync } from 'node:fs';
import { installKind, type InstallKind } from './installation/program.ts';

/** How the native part, which is a file of the command, comes back. */
const reinstall: Readonly<Record<InstallKind, string>> = {
  deb: 'install the package for this machine again: sudo apt install --reinstall ./ubmsc_VERSION_ARCHITECTURE.deb',
  npm: 'install ubmsc again on this machine: npm install --global ./ubmsc-VERSION.tgz',
  checkout: 'install and build it again on this machine: npm ci',
};

/** Only Linux needs no more than the command has. */
const ADD_NOBLE = 'install noble beside it: npm install --global @abandonware/noble';

/** Calls and options of calls in hints of the libraries, and what the command has for them. */
const words: readonly (readonly [RegExp, (name: string, kind: InstallKind) => string])[] = [
  [
    /install @ubmsc\/hci again on this machine/g,
    (_, kind) => (process.platform === 'linux' ? reinstall[kind] : ADD_NOBLE),
  ],
  [/openAdapter\('([^']+)'\)/g, (spec) => `--adapter ${spec}`],
  [/carryToKernel\(()\)/g, () => '--adapter vhci'],
  [/serveEther\((?:'([^']+)')?\)/g, (spec) => `--listen ${spec}`.trimEnd()],
  [/adapter\.scan\(()\)/g, () => 'ubmsc scan'],
  [/\{ capture() \}/g, () => '--snoop'],
  [/\{ webConfigFile() \}/g, () => '--web.config.file'],
  [/\{ (\w+) \}/g, (name) => `--${kebabCase(name)}`],
  [/\b(list[A-Z]\w*)\(\)/g, (name) => `--${kebabCase(name)}`],
];

/** A hint as somebody at a command line needs it. */
export function hintInOptions(hint: string, kind = kindOfThis()): string {
  let text = hint;
  for (const [pattern, word] of words) {
    text = text.replace(pattern, (_, name: string | undefined) => word(name ?? '', kind));
  }
  return text;
}

/** What is said of an error in one line: what happened, and the next step. */
export function problemText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'hint' in error ? `${error.message}; ${hintInOptions(String(error.hint))}` : error.message;
}

function kindOfThis(): InstallKind {
  try {
    return installKind(realpathSync(process.argv[1] ?? ''));
  } catch {
    return 'checkout';
  }
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
