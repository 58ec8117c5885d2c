import type { BatterySource } from '@ubmsc/session';
import { Viewer, type Effects, type ViewerOptions } from '../src/viewer/viewer.ts';

export interface ViewSettings extends Partial<Omit<ViewerOptions, 'effects' | 'size'>> {
  readonly effects?: Partial<Effects>;
  readonly size?: { readonly width: number; readonly height: number };
}

/** A viewer of a source on a terminal of 100 columns and 30 lines without colours, unless a test says otherwise. */
export function viewSource(
  source: BatterySource,
  { effects, size = { width: 100, height: 30 }, ...own }: ViewSettings = {},
): Viewer {
  return new Viewer(source, {
    capabilities: { characters: 'all', graphStyle: 'braille', theme: 'dark' },
    colorDepth: 1,
    size: () => size,
    opening: 'opening hci0 …',
    effects: {
      quit: () => {},
      suspend: () => {},
      setMouse: () => {},
      redraw: () => {},
      ring: () => {},
      toJson: (statuses) => JSON.stringify(statuses.map(({ device }) => device)),
      copy: () => true,
      save: async (name) => await Promise.resolve(name),
      ...effects,
    },
    ...own,
  });
}

/** The screen as text. */
export function screenOf(viewer: Viewer): string {
  return viewer
    .lines()
    .map((line) => line.trimEnd())
    .join('\n');
}
