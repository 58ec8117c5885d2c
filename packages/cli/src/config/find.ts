import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The configuration file that is read when none is named: that of the user (XDG Base Directory Specification), or else
 * that of the machine; undefined where there is neither.
 */
export function findConfigFile(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const home = environment['XDG_CONFIG_HOME'] || homeConfig();
  const ofUser = home === undefined ? [] : [join(home, 'ubmsc', 'config.toml')];
  return [...ofUser, '/etc/ubmsc/config.toml'].find((file) => existsSync(file));
}

/** Undefined for a user whom the system does not know, as systemd makes them where libnss-systemd is missing. */
function homeConfig(): string | undefined {
  try {
    return join(homedir(), '.config');
  } catch {
    return undefined;
  }
}
