import { homedir } from 'node:os';

/**
 * The home of the user; a folder that does not exist for a user whom the system does not know and whom the environment
 * gives none, as of containers and of systemd's `DynamicUser=` where libnss-systemd is missing.
 */
export function homeFolder(find: () => string = homedir): string {
  try {
    return find();
  } catch {
    return '/nonexistent'; // What Debian calls it.
  }
}
