import type { Device } from '@ubmsc/client';
import { stringify } from 'smol-toml';
import { settings, type Options } from '../command-line/options.ts';

/** The settings that are given otherwise than by default: those that a service is to have, too. */
export function givenSettings(
  options: Options,
  isGiven: (name: keyof Options) => boolean,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    settings.flatMap(({ name, key }) =>
      isGiven(name) && options[name] !== undefined ? [[key, options[name]]] : [],
    ),
  );
}

/** A configuration file with settings and batteries; without batteries it watches all that are found. */
export function configText(given: Readonly<Record<string, unknown>>, batteries: readonly Device[]): string {
  const table = batteries.map(({ address, name }) => ({
    device: address,
    // What outputs call it; a name that two have would not tell them apart.
    ...(name !== undefined && batteries.filter((each) => each.name === name).length === 1 && { alias: name }),
  }));
  const head = `# Written by ubmsc service install. ubmsc help --all lists the settings; ubmsc --check-config checks this file.\n`;
  const rest = Object.keys(given).length > 0 ? `${stringify(given).trimEnd()}\n` : '';
  const none =
    '# No battery was found, so all that are in range are watched. To watch some only, name them:\n# [[battery]]\n# device = "C8:47:80:12:34:56"\n';
  return [head, rest, table.length > 0 ? `${stringify({ battery: table }).trimEnd()}\n` : none]
    .filter((part) => part !== '')
    .join('\n');
}
