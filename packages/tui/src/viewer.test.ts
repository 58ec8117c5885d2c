import { afterEach, describe, expect, test } from 'vitest';
import { FakeSource } from '../test/fake-source.ts';
import { Viewer, type Effects } from './viewer.ts';

const open: Viewer[] = [];
afterEach(() => open.splice(0).forEach((viewer) => viewer[Symbol.dispose]()));

function view(
  source: FakeSource,
  {
    width = 100,
    height = 30,
    effects = {},
  }: { width?: number; height?: number; effects?: Partial<Effects> } = {},
): Viewer {
  const viewer = new Viewer(source, {
    capabilities: { unicode: true, graphStyle: 'braille', theme: 'dark' },
    colorDepth: 1,
    size: () => ({ width, height }),
    toJson: (statuses) => JSON.stringify(statuses.map(({ device }) => device)),
    opening: 'opening hci0 …',
    effects: {
      quit: () => {},
      suspend: () => {},
      setMouse: () => {},
      copy: () => true,
      save: async (name) => await Promise.resolve(name),
      ...effects,
    },
  });
  open.push(viewer);
  return viewer;
}

const screen = (viewer: Viewer): string => viewer.lines().join('\n');

describe('the list of batteries', () => {
  test('says what is opened while there is none', () => {
    expect(screen(view(new FakeSource()))).toContain('opening hci0 …');
  });

  test('says of each battery in words where it stands, and how long', () => {
    const source = new FakeSource();
    source.add('VAN');
    source.add('BOAT');
    const viewer = view(source);
    source.move('VAN', 'connecting');
    source.move('BOAT', 'lost', { reason: 'supervisionTimeout', message: 'out of range; go nearer' });
    source.time += 12_000;
    expect(screen(viewer)).toMatch(/VAN +connecting, 12 s/);
    expect(screen(viewer)).toMatch(/BOAT +lost: out of range/);
  });

  test('greys nothing but says STALE when a battery has been silent for too long', () => {
    const source = new FakeSource();
    source.add('VAN');
    const viewer = view(source);
    source.read('VAN');
    expect(screen(viewer)).not.toContain('STALE');
    source.time += 42_000;
    expect(screen(viewer)).toMatch(/VAN .*STALE 42 s/);
  });

  test('says SIMULATED when anything is', () => {
    const source = new FakeSource();
    source.add('VAN');
    expect(screen(view(source))).not.toContain('SIMULATED');
    source.add('SIM', { simulated: true });
    expect(screen(view(source))).toContain('SIMULATED');
  });
});
