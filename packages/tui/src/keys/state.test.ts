import { describe, expect, test } from 'vitest';
import { commandRow, type Command } from '../viewer/commands.ts';
import { initialState, speedOf, typeFilter, windowOf, type Surroundings, type UiState } from './state.ts';
import { jump, play } from './time.ts';

const around: Surroundings = {
  mode: 'live',
  devices: ['A', 'B', 'C'],
  cells: 16,
  alarms: [],
  now: 1_000_000,
  oldest: 400_000,
  windows: 4,
  page: 10,
  length: 30,
};
const start = initialState('dark', 'braille');

function after(commands: readonly Command[], from: UiState = start, surroundings = around): UiState {
  return commands.reduce(
    (state, command) => commandRow(command).reduce?.(state, surroundings) ?? state,
    from,
  );
}

describe('the way down and back', () => {
  test('leads from the list to a battery to a cell, and back the same way', () => {
    expect(after(['down', 'open'])).toMatchObject({ view: 'battery', device: 'B' });
    const cell = after(['down', 'open', 'down', 'down', 'open']);
    expect(cell).toMatchObject({ view: 'cell', device: 'B', cell: 1 });
    expect(after(['back'], cell)).toMatchObject({ view: 'battery', cell: 1 });
    expect(after(['back', 'back'], cell)).toMatchObject({ view: 'fleet', path: [] });
    expect(after(['back', 'back', 'back', 'back'], cell)).toMatchObject({ view: 'fleet' });
  });

  test('leads nowhere without batteries, or without cells', () => {
    expect(after(['down', 'open'], start, { ...around, devices: [] }).view).toBe('fleet');
    expect(after(['open', 'open'], start, { ...around, cells: 0 }).view).toBe('battery');
  });

  test('the key that has opened help, events or raw fields closes them', () => {
    for (const command of ['help', 'events', 'raw'] as const) {
      expect(after(['open', command]).view).toBe(command);
      expect(after(['open', command, command]).view).toBe('battery');
    }
  });

  test('goes from battery to battery in a ring', () => {
    expect(after(['open', 'next', 'next', 'next']).device).toBe('A');
    expect(after(['open', 'previous']).device).toBe('C');
  });
});

describe('a selection', () => {
  test('never leaves the list', () => {
    expect(after(['up']).device).toBe('A');
    expect(after(['pageDown']).device).toBe('C');
    expect(after(['last', 'first']).device).toBe('A');
    expect(after(['open', 'last']).cell).toBe(15);
    expect(after(['open', 'last', 'down']).cell).toBe(15);
  });

  test('falls on the first battery when its own is gone', () => {
    expect(after(['open'], { ...start, device: 'Z' }).device).toBe('A');
  });
});

describe('time', () => {
  test('stands still and goes on', () => {
    expect(after(['pause']).pausedAt).toBe(1_000_000);
    expect(after(['pause', 'pause']).pausedAt).toBeUndefined();
  });

  test('that was gone to stays, whatever is opened and closed', () => {
    const paused = after(['open', 'earlier']);
    const { pausedAt } = paused;
    expect(pausedAt).toBeLessThan(1_000_000);
    for (const commands of [
      ['raw', 'back'],
      ['raw', 'raw'],
      ['events', 'events'],
      ['help', 'back'],
      ['back'],
    ] as const)
      expect(after(commands, paused).pausedAt).toBe(pausedAt);
    expect(after(['back', 'back'], paused).pausedAt).toBeUndefined();
  });

  test('is stepped through by a sixtieth of what graphs show, as far as there are readings', () => {
    expect(after(['earlier']).pausedAt).toBe(1_000_000 - (windowOf(start) * 1000) / 60);
    expect(after(['earlier', 'later']).pausedAt).toBeUndefined();
    expect(after(['muchEarlier']).pausedAt).toBe(1_000_000 - windowOf(start) * (1000 / 6));
    expect(after(['muchEarlier', 'later', 'muchLater']).pausedAt).toBeUndefined();
    expect(after(['later']).pausedAt).toBeUndefined();
    expect(after(['earliest']).pausedAt).toBe(400_000);
    expect(after(['earliest', 'earlier']).pausedAt).toBe(400_000);
    expect(after(['earliest', 'latest']).pausedAt).toBeUndefined();
  });

  test('that graphs show has bounds', () => {
    expect(windowOf(after(['shorter', 'shorter', 'shorter', 'shorter']))).toBe(60);
    expect(windowOf(after(['longer', 'longer', 'longer', 'longer', 'longer']))).toBe(3600);
  });
});

describe('scrolling', () => {
  test('begins at the end of the events, and never leaves them', () => {
    const events = after(['events']);
    expect(events.scroll).toBe(0);
    expect(after(['up', 'up'], events).scroll).toBe(2);
    expect(after(['first'], events).scroll).toBe(20);
    expect(after(['first', 'last'], events).scroll).toBe(0);
  });

  test('begins at the start of the raw fields', () => {
    expect(after(['open', 'raw', 'down']).scroll).toBe(1);
    expect(after(['open', 'raw', 'last']).scroll).toBe(20);
    expect(after(['open', 'raw', 'up']).scroll).toBe(0);
  });
});

test('a filter is typed, kept with enter and ended with escape', () => {
  const typed = ['v', 'a', 'space', 'x', 'backspace', 'up'].reduce(typeFilter, after(['filter']));
  expect(typed).toMatchObject({ filter: 'va ', typing: true });
  expect(typeFilter(typed, 'enter')).toMatchObject({ filter: 'va ', typing: false });
  expect(typeFilter(typed, 'escape')).toMatchObject({ filter: '', typing: false });
  expect(Array.from({ length: 100 }, () => 'x').reduce(typeFilter, typed).filter.length).toBe(40);
  expect(after(['back'], typeFilter(typed, 'enter')).filter).toBe('');
});

test('graphs and colours go round', () => {
  expect(after(['graph', 'graph', 'graph']).graphStyle).toBe('braille');
  expect(after(['theme', 'theme']).look).toBe('none');
  expect(after(['theme', 'theme', 'theme']).look).toBe('dark');
});

describe('a recording', () => {
  const recorded: Surroundings = { ...around, mode: 'recording' };
  const begun: UiState = { ...initialState('dark', 'braille', 'recording'), pausedAt: 500_000 };
  const then = (...commands: readonly Command[]): UiState => after(commands, begun, recorded);

  test('plays at its own speed at first, and from half of it to 64 times as fast', () => {
    expect(play(begun, 1000, recorded).pausedAt).toBe(501_000);
    expect(speedOf(then('slower', 'slower', 'slower'))).toBe(0.5);
    expect(speedOf(then(...Array.from({ length: 9 }, () => 'faster' as const)))).toBe(64);
    expect(play(then('faster', 'faster', 'faster'), 1000, recorded).pausedAt).toBe(508_000);
  });

  test('stands still when it is paused, and at its end', () => {
    expect(play(then('pause'), 1000, recorded).pausedAt).toBe(500_000);
    expect(play(then('latest'), 1000, recorded).pausedAt).toBe(1_000_000);
  });

  test('is played from its start when it was at its end', () => {
    const stopped = { ...then('latest'), playing: false };
    expect(after(['pause'], stopped, recorded)).toMatchObject({ pausedAt: 400_000, playing: true });
  });

  test('is stepped through by 10 s, 1 min and 10 min, within its ends', () => {
    expect(then('later').pausedAt).toBe(510_000);
    expect(then('earlier').pausedAt).toBe(490_000);
    expect(then('muchLater', 'muchEarlier', 'muchEarlier').pausedAt).toBe(440_000);
    expect(then('farEarlier').pausedAt).toBe(400_000);
    expect(then('farLater').pausedAt).toBe(1_000_000);
    expect(then('later')).toMatchObject({ playing: true });
  });

  test('stands still where something was gone to', () => {
    expect(jump(begun, 700_000, recorded)).toMatchObject({ pausedAt: 700_000, playing: false });
  });

  test('has no present to go back to', () => {
    expect(then('open', 'back')).toMatchObject({ view: 'fleet', pausedAt: 500_000 });
  });
});
