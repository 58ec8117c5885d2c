import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { logChannelName, type LogMessage } from '@ubmsc/base';
import { AdapterError } from '@ubmsc/session';
import { FakeSource } from '@ubmsc/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Adapter } from './adapter.ts';
import { AdapterKeeper, type KeeperOptions } from './adapter-keeper.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const unplugged = (): AdapterError =>
  new AdapterError('there is no adapter', 'plug it in', { reason: 'adapterGone' });

const blocked = (): AdapterError =>
  new AdapterError('radios are turned off', 'turn them on', { reason: 'adapterGone' });

/** What is logged as a warning until it is disposed of. */
function loggedWarnings(): Disposable & { readonly texts: readonly string[] } {
  const texts: string[] = [];
  const onMessage = (message: unknown): void => {
    const { level, text }: Partial<LogMessage> = Object(message);
    if (level === 'warn' && text !== undefined) texts.push(text);
  };
  subscribe(logChannelName, onMessage);
  return { texts, [Symbol.dispose]: () => void unsubscribe(logChannelName, onMessage) };
}

/** A keeper of a fake adapter that runs until it is disposed of. */
async function kept(options: KeeperOptions = {}): Promise<
  Disposable & {
    readonly source: FakeSource;
    readonly keeper: AdapterKeeper;
    readonly signal: AbortSignal;
  }
> {
  const source = new FakeSource();
  const adapter = new Adapter(source, await source.open());
  const keeper = new AdapterKeeper(adapter, options);
  const stop = new AbortController();
  const running = keeper.run(stop.signal);
  running.catch(() => {});
  return { source, keeper, signal: stop.signal, [Symbol.dispose]: () => stop.abort() };
}

describe('an adapter that is gone', () => {
  test('is opened again, and can be used as soon as that works', async () => {
    using each = await kept();
    const { source, keeper, signal } = each;
    source.failures.push(unplugged(), unplugged());
    source.central.vanish();
    await vi.advanceTimersByTimeAsync(0);
    expect(keeper.trouble?.message).toBe('there is no adapter');
    let isReady = false;
    const ready = keeper.ready(signal).then(() => (isReady = true));
    await vi.advanceTimersByTimeAsync(100);
    expect(isReady).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    await ready;
    expect(keeper).toMatchObject({ trouble: undefined, reopened: 3, resets: 0 });
    expect(source.opened).toHaveLength(2);
  });

  test('is reset after three attempts where that is allowed', async () => {
    using allowed = await kept({ resetAdapter: true });
    using forbidden = await kept();
    for (const { source } of [allowed, forbidden]) {
      source.failures.push(unplugged(), unplugged(), unplugged());
      source.central.vanish();
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect([allowed.source.resets, forbidden.source.resets]).toEqual([1, 0]);
    expect([allowed.keeper.reopened, forbidden.keeper.reopened]).toEqual([4, 4]);
  });

  test('for longer than it may be is given up, with the reason', async () => {
    using each = await kept({ giveUpAfter: 5000 });
    const { source, keeper } = each;
    source.failures.push(...Array.from({ length: 10 }, unplugged));
    source.central.vanish();
    await vi.advanceTimersByTimeAsync(4000);
    expect(keeper.failed.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(keeper.failed.signal.reason).toBeInstanceOf(AdapterError);
    expect(keeper.failed.signal.reason).toMatchObject({ reason: 'adapterGone' });
  });

  test('is said to be so at once and with each new reason once', async () => {
    using warnings = loggedWarnings();
    using each = await kept();
    const { source, keeper, signal } = each;
    source.failures.push(unplugged(), unplugged(), blocked(), blocked());
    source.central.vanish();
    await vi.advanceTimersByTimeAsync(60_000);
    const opened = `${keeper.adapter.title} is opened again, attempt 1`;
    const gone = 'the adapter was unplugged';
    expect(warnings.texts).toEqual([gone, opened, 'there is no adapter', 'radios are turned off']);
    await keeper.reopen(signal);
    expect(warnings.texts.slice(4)).toEqual([opened]);
    source.central.vanish();
    await vi.advanceTimersByTimeAsync(0);
    expect(warnings.texts.slice(5)).toEqual([gone, opened]);
  });

  test('is not opened again once nobody needs it', async () => {
    const each = await kept();
    each[Symbol.dispose]();
    each.source.central.vanish();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(each.source.opened).toHaveLength(1);
  });
});

describe('links that fail', () => {
  test('three in a row are put down to the adapter', async () => {
    using each = await kept();
    const { keeper, signal, source } = each;
    expect(await keeper.failedToLink('connectTimeout', signal)).toBe(false);
    expect(await keeper.failedToLink('connectFailed', signal)).toBe(false);
    expect(await keeper.failedToLink('connectTimeout', signal)).toBe(true);
    expect(source.opened).toHaveLength(2);
    expect(await keeper.failedToLink('connectTimeout', signal)).toBe(false);
  });

  test('for a reason of the battery are not', async () => {
    using each = await kept();
    const { keeper, signal } = each;
    for (let count = 0; count < 10; count++) expect(await keeper.failedToLink('notJk', signal)).toBe(false);
  });

  test('while another battery has a link are not: reopening would end that link', async () => {
    using each = await kept();
    const { keeper, signal } = each;
    const linked = keeper.linked();
    for (let count = 0; count < 10; count++)
      expect(await keeper.failedToLink('connectTimeout', signal)).toBe(false);
    linked[Symbol.dispose]();
    expect(keeper.isIdle).toBe(true);
    expect(await keeper.failedToLink('connectTimeout', signal)).toBe(true);
  });

  test('count from the last link that was made', async () => {
    using each = await kept();
    const { keeper, signal } = each;
    await keeper.failedToLink('connectTimeout', signal);
    await keeper.failedToLink('connectTimeout', signal);
    keeper.linked()[Symbol.dispose]();
    expect(await keeper.failedToLink('connectTimeout', signal)).toBe(false);
  });
});
