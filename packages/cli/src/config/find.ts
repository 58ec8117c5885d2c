import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '@ubmsc/base';
import { serviceConfigFile } from '../installation/places.ts';

/**
 * The configuration file that is read when none is named: that of the user (XDG Base Directory Specification), or else
 * that of the machine; undefined where there is neither.
 */
export function findConfigFile(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const ofUser = environment['XDG_CONFIG_HOME'] || join(homeFolder(), '.config');
  return [join(ofUser, 'ubmsc', 'config.toml'), serviceConfigFile].find((file) => existsSync(file));
}
