import { join } from 'node:path';
import { homeFolder } from './home-folder.ts';

/**
 * The folder for what must outlive the process: that which systemd made (`StateDirectory=`), or else that of the user
 * (XDG Base Directory Specification). It may not exist yet.
 */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const [ofService] = (environment['STATE_DIRECTORY'] ?? '').split(':');
  if (ofService) return ofService;
  return join(environment['XDG_STATE_HOME'] || join(homeFolder(), '.local', 'state'), 'ubmsc');
}
