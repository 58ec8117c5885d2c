import { createHmac, randomBytes } from 'node:crypto';
import { PasswordQueue, type Compare } from './password-queue.ts';
import { PasswordThread } from './password-thread.ts';

/** How many credentials that were right are remembered, because checking a password takes a tenth of a second. */
const MOST_REMEMBERED = 100;

/** Who asks. */
export interface Client {
  readonly address: string;
  /** Aborts when it has gone. */
  readonly signal?: AbortSignal | undefined;
}

/** Checks the credentials of requests (RFC 7617). */
export class BasicAuth {
  readonly #remembered = new Set<string>();
  /** What is remembered cannot be tried elsewhere. */
  readonly #key = randomBytes(32);
  readonly #queue: PasswordQueue;

  /** @param compare compares a password with a hash of bcrypt; in a thread when left out */
  constructor(compare?: Compare) {
    const thread = new PasswordThread();
    this.#queue = new PasswordQueue(
      compare ?? (async (password, hash) => await thread.compare(password, hash)),
    );
  }

  /**
   * Whether `authorization` names one of the users, with the password that has the hash; undefined when too many others
   * are being checked. Credentials that were right before are never kept waiting.
   */
  async admits(
    users: ReadonlyMap<string, string>,
    authorization: string | undefined,
    { address, signal }: Client,
  ): Promise<boolean | undefined> {
    const credentials = parseCredentials(authorization);
    if (!credentials) return false;
    const { user, password } = credentials;
    const hash = users.get(user);
    const entry = this.#digest(JSON.stringify([user, password, hash])).toString('hex');
    if (this.#remembered.has(entry)) return true;
    const equal = await this.#queue.check(address, password, hash ?? this.#otherHash(users, user), signal);
    if (equal === undefined) return undefined;
    if (!equal || hash === undefined) return false;
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.add(entry);
    return true;
  }

  /**
   * The hash that the password of somebody who is not a user is compared with: that of a user, always the same one. So
   * it takes as long as for a user, whatever their hashes cost.
   */
  #otherHash(users: ReadonlyMap<string, string>, user: string): string {
    const hashes = [...users.values()];
    return hashes[this.#digest(user).readUInt32BE(0) % hashes.length] ?? '';
  }

  #digest(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}

function parseCredentials(
  authorization: string | undefined,
): { readonly user: string; readonly password: string } | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return user === undefined || password === undefined ? undefined : { user, password };
}
