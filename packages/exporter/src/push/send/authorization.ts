import { readSmallFile, UsageError } from '@ubmsc/base';

/** How a program shows who it is when it pushes. A file wins over a value; a token over a user. */
export interface PushCredentials {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/** Longest line that is taken for a secret. */
const LONGEST = 16_384;

/**
 * The header `Authorization` (RFC 7617, RFC 6750); undefined without credentials. `scheme` stands before a token. Files
 * are read each time: what is in them may be replaced.
 * @throws {UsageError} a file cannot be read.
 */
export async function authorization(
  { user, password, passwordFile, token, tokenFile }: PushCredentials,
  scheme = 'Bearer',
): Promise<string | undefined> {
  const bearer = tokenFile === undefined ? token : await readSecret(tokenFile);
  if (bearer !== undefined) return `${scheme} ${bearer}`;
  const secret = passwordFile === undefined ? password : await readSecret(passwordFile);
  if (user === undefined && secret === undefined) return undefined;
  return `Basic ${Buffer.from(`${user ?? ''}:${secret ?? ''}`).toString('base64')}`;
}

async function readSecret(file: string): Promise<string> {
  const line = (await readSmallFile(file)).toString('utf8').trim();
  if (line.length <= LONGEST && /^[\x20-\x7e]+$/.test(line)) return line;
  throw new UsageError(`${file} is not a file with a secret`, 'it has one line of ASCII');
}
