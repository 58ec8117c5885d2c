import { EventEmitter, getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { anySignal, eventWithin, pause, unlessAborted, within } from './wait.ts';

const late = (): Error => new Error('too late');
const never = async (): Promise<never> => await new Promise<never>(() => {});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'timers left behind').toBe(0);
  vi.useRealTimers();
});

describe('within', () => {
  test('gives what the work gives', async () => {
    await expect(within({ timeout: 1000, late }, async () => await Promise.resolve(7))).resolves.toBe(7);
  });

  test('ends when the time is up, even for work that never does', async () => {
    const outcome = expect(within({ timeout: 1000, late }, never)).rejects.toThrow('too late');
    await vi.advanceTimersByTimeAsync(1000);
    await outcome;
  });

  test('ends with the reason of its caller’s signal', async () => {
    const controller = new AbortController();
    const outcome = expect(within({ timeout: 1000, late, signal: controller.signal }, never)).rejects.toThrow(
      'enough',
    );
    controller.abort(new Error('enough'));
    await outcome;
  });

  test('starts nothing for a signal that has aborted', async () => {
    const work = vi.fn<() => Promise<never>>();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(within({ timeout: 1000, late, signal }, work)).rejects.toThrow('enough');
    expect(work).not.toHaveBeenCalled();
  });

  test('tells the work that nobody waits for it any more', async () => {
    const signals: AbortSignal[] = [];
    await within({ timeout: 1000, late }, async (signal) => void signals.push(signal));
    expect(signals[0]?.aborted).toBe(true);
  });
});

describe('work that is waited for', () => {
  test('gives what it gives, and leaves no listener behind', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(Promise.resolve(7), signal)).resolves.toBe(7);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await expect(unlessAborted(Promise.resolve(7), undefined)).resolves.toBe(7);
  });

  test('ends with the reason of a signal that aborts, or has aborted', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const outcome = expect(unlessAborted(never(), signal)).rejects.toThrow('enough');
    controller.abort(new Error('enough'));
    await outcome;
    await expect(unlessAborted(Promise.reject(new Error('failed')), signal)).rejects.toThrow('enough');
  });
});

describe('an awaited event', () => {
  test('gives its arguments and leaves no listener behind', async () => {
    const emitter = new EventEmitter();
    const event = eventWithin<[string, number]>(emitter, 'heard', { timeout: 1000, late });
    emitter.emit('heard', 'a', 1);
    await expect(event).resolves.toEqual(['a', 1]);
    expect(emitter.eventNames()).toEqual([]);
  });

  test('that does not come leaves no listener behind either', async () => {
    const emitter = new EventEmitter();
    const outcome = expect(eventWithin(emitter, 'heard', { timeout: 1000, late })).rejects.toThrow(
      'too late',
    );
    await vi.advanceTimersByTimeAsync(1000);
    await outcome;
    expect(emitter.eventNames()).toEqual([]);
  });
});

describe('a pause', () => {
  test('ends after its time', async () => {
    const ended = vi.fn<() => void>();
    const paused = pause(300).then(ended);
    await vi.advanceTimersByTimeAsync(299);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await paused;
    expect(ended).toHaveBeenCalled();
  });

  test('ends early with the reason of its signal', async () => {
    const controller = new AbortController();
    const outcome = expect(pause(300, controller.signal)).rejects.toThrow('enough');
    controller.abort(new Error('enough'));
    await outcome;
  });
});

test('the first of several signals counts, and those that are missing never do', () => {
  const controller = new AbortController();
  const { signal } = anySignal(undefined, controller.signal, new AbortController().signal);
  expect(signal.aborted).toBe(false);
  controller.abort(new Error('first'));
  expect(signal.reason).toEqual(new Error('first'));
});

test('signals that live for long remember nothing of what has waited for them', async () => {
  const { signal } = new AbortController();
  const other = new AbortController();
  await within({ signal: [signal, other.signal], timeout: 100, late }, async () => {
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await Promise.resolve();
  });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(getEventListeners(other.signal, 'abort')).toEqual([]);
});
