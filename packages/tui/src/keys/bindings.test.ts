import { describe, expect, test } from 'vitest';
import { bindings, commandOf, type ViewName } from './bindings.ts';

const views: readonly ViewName[] = ['fleet', 'battery', 'cell', 'raw', 'events', 'help'];

describe.each(views)('in the view %s', (view) => {
  const here = bindings.filter((binding) => !binding.views || binding.views.includes(view));

  test('a key does one thing', () => {
    const keys = here.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('the footer names only keys that work', () => {
    for (const { footer, keys, command } of bindings) {
      if (footer?.includes(view)) expect(commandOf(keys[0] ?? '', view)).toBe(command);
    }
  });

  test('one can quit, go back, and ask for help', () => {
    expect(commandOf('q', view)).toBe('quit');
    expect(commandOf('ctrl-c', view)).toBe('quit');
    expect(commandOf('escape', view)).toBe('back');
    expect(commandOf('?', view)).toBe('help');
  });
});

test('arrows and the keys of vi do the same', () => {
  for (const [arrow, letter] of [
    ['up', 'k'],
    ['down', 'j'],
  ] as const) {
    expect(commandOf(letter, 'fleet')).toBe(commandOf(arrow, 'fleet'));
  }
});
