import { describe, expect, test } from 'vitest';
import { bindingsIn, commandOf } from './bindings.ts';
import type { Mode, ViewName } from './view-name.ts';

const views: readonly ViewName[] = ['fleet', 'battery', 'cell', 'raw', 'events', 'help'];

const modes: readonly Mode[] = ['live', 'recording'];

describe.each(views.flatMap((view) => modes.map((mode) => [view, mode] as const)))(
  'in the view %s, %s',
  (view, mode) => {
    const here = bindingsIn(view, mode);

    test('a key does one thing', () => {
      const keys = here.flatMap((binding) => binding.keys);
      expect(new Set(keys).size).toBe(keys.length);
    });

    test('the footer names only keys that work', () => {
      for (const { footer, keys, command } of here) {
        if (footer?.includes(view)) expect(commandOf(keys[0] ?? '', view, mode)).toBe(command);
      }
    });

    test('one can quit, go back, and ask for help', () => {
      expect(commandOf('q', view, mode)).toBe('quit');
      expect(commandOf('ctrl-c', view, mode)).toBe('quit');
      expect(commandOf('escape', view, mode)).toBe('back');
      expect(commandOf('?', view, mode)).toBe('help');
    });
  },
);

test('arrows and the keys of vi do the same', () => {
  for (const [arrow, letter] of [
    ['up', 'k'],
    ['down', 'j'],
  ] as const) {
    expect(commandOf(letter, 'fleet', 'live')).toBe(commandOf(arrow, 'fleet', 'live'));
  }
});
