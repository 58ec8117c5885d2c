import { readSmallFile } from '@ubmsc/base';

/** How a program shows who it is to a broker. A file wins over a value. */
export interface BrokerCredentials {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly passwordFile?: string | undefined;
  /** Certificates in PEM that a broker's own must be signed by; those of Node when left out. */
  readonly caFile?: string | undefined;
  /** Certificate and key of the client, in PEM. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** What was read of the credentials. */
export interface ReadCredentials {
  readonly username?: string;
  readonly password?: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/**
 * Reads the files of credentials. That is done at each connection: what is in them may be replaced.
 * @throws {UsageError} a file cannot be read.
 */
export async function readCredentials(given: BrokerCredentials): Promise<ReadCredentials> {
  const { user, passwordFile, caFile, certFile, keyFile } = given;
  const password =
    passwordFile === undefined
      ? given.password
      : (await readSmallFile(passwordFile)).toString('utf8').replace(/\r?\n$/, '');
  return {
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...(caFile !== undefined && { ca: await readSmallFile(caFile) }),
    ...(certFile !== undefined && { cert: await readSmallFile(certFile) }),
    ...(keyFile !== undefined && { key: await readSmallFile(keyFile) }),
  };
}
