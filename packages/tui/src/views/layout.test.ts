import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batteryLayout, type PaneName } from './layout.ts';

/** The panes that there are room for, for a battery of 16 cells and 11 lines of facts. */
function panesIn(width: number, height: number): ReadonlySet<PaneName> {
  const layout = batteryLayout(
    { width, height },
    {
      factLines: () => 12,
      cellLines: (room) => 1 + Math.ceil(16 / Math.max(1, Math.ceil(16 / (room.height - 1)))),
    },
  );
  return new Set(layout.flatMap(({ panes }) => panes.map(({ pane }) => pane)));
}

describe('the panes of a battery', () => {
  test('have all that there is room for, and no more', () => {
    const wish = fc.integer({ min: 3, max: 45 });
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 300 }),
        fc.integer({ min: 11, max: 100 }),
        wish,
        wish,
        (width, height, facts, cells) => {
          const layout = batteryLayout({ width, height }, { factLines: () => facts, cellLines: () => cells });
          expect(layout.reduce((sum, column) => sum + column.width, 0) + layout.length - 1).toBe(width);
          for (const { panes } of layout) {
            expect(panes.reduce((sum, pane) => sum + pane.height, 0)).toBeLessThanOrEqual(height);
          }
        },
      ),
    );
  });

  test('are dropped in this order: events, graphs; cells and facts stay', () => {
    expect(panesIn(80, 50)).toEqual(new Set(['facts', 'cells', 'graphs', 'events']));
    for (const width of [60, 80, 200]) {
      let before = panesIn(width, 100);
      for (let height = 99; height >= 11; height--) {
        const now = panesIn(width, height);
        expect(now.has('facts') && now.has('cells')).toBe(true);
        if (!before.has('graphs')) expect(now.has('graphs')).toBe(false);
        before = now;
      }
    }
    expect(panesIn(60, 11)).toEqual(new Set(['facts', 'cells']));
  });
});
