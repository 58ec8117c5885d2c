import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PastRow, ReadPast } from '@ubmsc/tui';
import { HISTORY, keptIn } from '../../batteries/state-folder.ts';
import type { Options } from '../../command-line/options.ts';

/** Reads the history for graphs, where one is kept. */
export function pastOf(options: Pick<Options, 'state' | 'disableHistory'>): ReadPast | undefined {
  const state = options.disableHistory ? undefined : keptIn(options);
  if (state === undefined || !existsSync(join(state, HISTORY))) return undefined;
  return async (status, columns, { from, to, points }) => {
    const [{ query }, { batteryKey }] = await Promise.all([
      import('@ubmsc/history'),
      import('@ubmsc/energy'),
    ]);
    const battery = batteryKey(status);
    const rows = new Map<string, readonly PastRow[]>();
    if (battery === undefined) return rows;
    const { table, step = 0 } = await query({
      folder: join(state, HISTORY),
      battery,
      columns,
      from,
      to,
      points,
    });
    for (const [name, { value, min = value, max = value, last = value }] of table.columns)
      rows.set(
        name,
        Array.from(table.times, (time, row): PastRow => {
          const mean = value[row] ?? NaN;
          return {
            time,
            length: step,
            mean,
            low: min[row] ?? mean,
            high: max[row] ?? mean,
            last: last[row] ?? mean,
          };
        }).filter(({ mean }) => !Number.isNaN(mean)),
      );
    return rows;
  };
}
