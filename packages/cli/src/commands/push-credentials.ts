import type { PushCredentials } from '@ubmsc/exporter';
import type { Options } from '../command-line/options.ts';

/** Who pushes. Secrets come from files or the environment: what is on a command line, everybody on the machine sees. */
export function pushCredentials(
  { pushUser, pushPasswordFile, pushTokenFile }: Options,
  environment: NodeJS.ProcessEnv = process.env,
): PushCredentials {
  return {
    user: pushUser,
    password: environment['UBMSC_PUSH_PASSWORD'],
    passwordFile: pushPasswordFile,
    token: environment['UBMSC_PUSH_TOKEN'],
    tokenFile: pushTokenFile,
  };
}
