import { createHmac, randomBytes } from 'node:crypto';

/** A hash of no password: comparing with it takes as long for a user who does not exist as for one who does. */
const NOBODY = '$2b$10$3gVQH1G..7egKWE131mez.Ipj.QiOr4k7ZF624.im1qTCo1kBZKKy';

/** So many credentials that were right are remembered, because checking a password takes a tenth of a second. */
const MOST_REMEMBERED = 100;

/** Checks the credentials of requests (RFC 7617). */
export class BasicAuth {
  readonly #remembered = new Set<string>();
  /** What is remembered cannot be tried elsewhere. */
  readonly #key = randomBytes(32);
  /** One check after the other: those who guess leave time for the rest of the program. */
  #checking: Promise<unknown> = Promise.resolve();

  /** Whether `authorization` names one of the users, with the password that has the hash. */
  async admits(users: ReadonlyMap<string, string>, authorization: string | undefined): Promise<boolean> {
    const credentials = parseCredentials(authorization);
    if (!credentials) return false;
    const { user, password } = credentials;
    const hash = users.get(user);
    const entry = createHmac('sha256', this.#key)
      .update(JSON.stringify([user, password, hash]))
      .digest('hex');
    if (this.#remembered.has(entry)) return true;
    const checking = this.#checking.then(async () => {
      const { compare } = await import('bcryptjs');
      return (await compare(password, hash ?? NOBODY)) && hash !== undefined;
    });
    this.#checking = checking.catch(() => {});
    if (!(await checking)) return false;
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.add(entry);
    return true;
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
