import { readFile } from 'node:fs/promises';
import { fileReason, UsageError } from '@ubmsc/base';

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

/** Longest file that is taken for a secret or a certificate, in bytes. */
const LONGEST = 1_000_000;

/**
 * Reads the files of credentials. That is done at each connection: what is in them may be replaced.
 * @throws {UsageError} a file cannot be read.
 */
export async function readCredentials(given: BrokerCredentials): Promise<ReadCredentials> {
  const { user, passwordFile, caFile, certFile, keyFile } = given;
  const password =
    passwordFile === undefined
      ? given.password
      : (await readBounded(passwordFile)).toString('utf8').replace(/\r?\n$/, '');
  return {
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...(caFile !== undefined && { ca: await readBounded(caFile) }),
    ...(certFile !== undefined && { cert: await readBounded(certFile) }),
    ...(keyFile !== undefined && { key: await readBounded(keyFile) }),
  };
}

async function readBounded(file: string): Promise<Buffer> {
  try {
    const content = await readFile(file);
    if (content.length <= LONGEST) return content;
    throw new Error('it is longer than 1 MB');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${fileReason(error)}`, 'give a file that ubmsc may read', {
      cause: error,
    });
  }
}
