import type { BatteryEvent, BatterySource } from '@ubmsc/session';
import { expect, test } from 'vitest';
import { ComingSource } from './coming-source.ts';

function source(): BatterySource & { readonly listeners: Set<(event: BatteryEvent) => void> } {
  const listeners = new Set<(event: BatteryEvent) => void>();
  return {
    listeners,
    statuses: [],
    now: () => 42,
    observe: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}

test('who observes a source before it has come observes it afterwards, until that is disposed of', () => {
  const coming = new ComingSource();
  const early = coming.observe(() => {});
  const ended = coming.observe(() => {});
  ended[Symbol.dispose]();
  const come = source();
  coming.come(come);
  const late = coming.observe(() => {});
  expect(come.listeners.size).toBe(2);
  early[Symbol.dispose]();
  late[Symbol.dispose]();
  expect(come.listeners.size).toBe(0);
  expect(coming.now()).toBe(42);
});
