import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for what must outlive the process: that which systemd made (`StateDirectory=`), or else that of the user
 * (XDG Base Directory Specification). It may not exist yet.
 */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const [ofService] = (environment['STATE_DIRECTORY'] ?? '').split(':');
  if (ofService) return ofService;
  return join(environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'ubmsc');
}
