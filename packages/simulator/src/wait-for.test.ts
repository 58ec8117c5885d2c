import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { waitFor } from './wait-for.ts';

const waitForDone = (emitter: EventEmitter, signal: AbortSignal, now?: () => void): Promise<void> =>
  waitFor(signal, (resolve, reject) => {
    emitter.on('done', resolve).on('failed', reject);
    now?.();
    return () => emitter.off('done', resolve).off('failed', reject);
  });

it.each([
  ['resolves', (emitter: EventEmitter) => emitter.emit('done'), undefined],
  ['rejects', (emitter: EventEmitter) => emitter.emit('failed', new Error('no')), 'no'],
])('%s by an event, later or at once, and takes its listeners off', async (_, happen, error) => {
  for (const atOnce of [true, false]) {
    const emitter = new EventEmitter();
    const controller = new AbortController();
    const waiting = waitForDone(emitter, controller.signal, atOnce ? () => happen(emitter) : undefined);
    if (!atOnce) happen(emitter);
    await (error === undefined ? waiting : expect(waiting).rejects.toThrow(error));
    expect(emitter.eventNames()).toEqual([]);
  }
});

it('rejects with the reason of its signal, aborted before or after', async () => {
  const emitter = new EventEmitter();
  const reason = new Error('never mind');
  await expect(waitForDone(emitter, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const waiting = waitForDone(emitter, controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect(emitter.eventNames()).toEqual([]);
});
