import { hashSync } from 'bcryptjs';
import { describe, expect, test, vi } from 'vitest';
import { BasicAuth } from './basic-auth.ts';
import type { Compare } from './password-queue.ts';

const header = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const users = new Map([
  ['anna', 'hash of secret'],
  ['bert', 'hash of other'],
]);

/** Comparisons that take until they are released, one by one. */
function slowComparisons(): { compare: Compare; begun: string[]; release: () => Promise<void> } {
  const begun: string[] = [];
  let end: (() => void) | undefined;
  return {
    begun,
    compare: async (password, hash) =>
      await new Promise<boolean>((resolve) => {
        begun.push(password);
        end = () => resolve(hash === `hash of ${password}`);
      }),
    release: async () => {
      end?.();
      await new Promise<void>((resolve) => void setImmediate(resolve));
    },
  };
}

describe('checks of passwords', () => {
  test('of a client that guesses do not delay credentials that were right before', async () => {
    const { compare, release } = slowComparisons();
    const auth = new BasicAuth(compare);
    const first = auth.admits(users, header('anna', 'secret'), { address: 'scraper' });
    await release();
    expect(await first).toBe(true);
    for (let guess = 0; guess < 45; guess++)
      void auth.admits(users, header('anna', String(guess)), { address: 'attacker' });
    expect(await auth.admits(users, header('anna', 'secret'), { address: 'scraper' })).toBe(true);
  });

  test('are made in turn for clients, so that others wait for one guess and not for all', async () => {
    const { compare, begun, release } = slowComparisons();
    const auth = new BasicAuth(compare);
    const guesses = Array.from(
      { length: 45 },
      async (_, guess) => await auth.admits(users, header('anna', `guess ${guess}`), { address: 'attacker' }),
    );
    const right = auth.admits(users, header('anna', 'secret'), { address: 'scraper' });
    for (let round = 0; round < 10; round++) await release();
    expect(await right).toBe(true);
    expect(begun.indexOf('secret')).toBeLessThan(3);
    const answers = await Promise.all(guesses);
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(40);
    expect(answers.filter((answer) => answer === false)).toHaveLength(5);
  });

  test('of many clients leave room for one more', async () => {
    const { compare, release } = slowComparisons();
    const auth = new BasicAuth(compare);
    for (let client = 0; client < 40; client++)
      for (let guess = 0; guess < 4; guess++)
        void auth.admits(users, header('anna', String(guess)), { address: `attacker ${client}` });
    const right = auth.admits(users, header('anna', 'secret'), { address: 'scraper' });
    for (let round = 0; round < 80; round++) await release();
    expect(await right).toBe(true);
  });

  test('of clients that have gone are not made', async () => {
    const { compare, begun, release } = slowComparisons();
    const auth = new BasicAuth(compare);
    const gone = new AbortController();
    void auth.admits(users, header('anna', 'a'), { address: 'a' });
    const left = auth.admits(users, header('anna', 'b'), { address: 'b', signal: gone.signal });
    gone.abort();
    await release();
    expect(await left).toBeUndefined();
    expect(begun).toEqual(['a']);
  });

  test('cost as much for somebody who is not a user, whatever the hashes of users cost', async () => {
    const compare = vi.fn<Compare>(async () => true);
    const auth = new BasicAuth(compare);
    const ask = async (user: string): Promise<unknown> =>
      await auth.admits(users, header(user, 'x'), { address: 'a' });
    for (const user of ['eve', 'eve', '__proto__']) expect(await ask(user)).toBe(false);
    const hashes = compare.mock.calls.map(([, hash]) => hash);
    for (const hash of hashes) expect([...users.values()]).toContain(hash);
    expect(hashes[0]).toBe(hashes[1]);
  });

  test('are made in a thread, while this one goes on', async () => {
    const auth = new BasicAuth();
    const own = new Map([['anna', hashSync('secret', 11)]]);
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    const admitted = await Promise.all(
      ['secret', 'wrong'].map(
        async (password) => await auth.admits(own, header('anna', password), { address: password }),
      ),
    );
    clearInterval(counting);
    expect(admitted).toEqual([true, false]);
    expect(turns).toBeGreaterThan(10);
  });
});
