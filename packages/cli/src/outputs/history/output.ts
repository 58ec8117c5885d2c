import { join } from 'node:path';
import { counter } from '@ubmsc/exporter';
import { HISTORY, keptIn } from '../../batteries/state-folder.ts';
import { historyOptions, type GeneralOptions } from '../../command-line/general-options.ts';
import { problemText } from '../../hints.ts';
import { logLine } from '../log-line.ts';
import type { Output, RunningOutput } from '../output.ts';

/** Keeps what batteries say in files, where state is kept. */
export const history: Output<GeneralOptions> = {
  idle: { options: historyOptions, hint: 'no history is kept: name a folder with --state' },
  isWanted: (options) => !options.disableHistory && keptIn(options) !== undefined,
  prepare: async ({ options }) => {
    const folder = join(keptIn(options) ?? '', HISTORY);
    return async ({ source, subject }): Promise<RunningOutput> => {
      const { startHistory } = await import('@ubmsc/history');
      try {
        const running = await startHistory(source, { folder, ...limitsOf(options) });
        return {
          announcement: `history of ${subject} is kept in ${folder}`,
          target: folder,
          problem: () => running.problem,
          families: () => [
            counter(
              'ubmsc_history_readings_total',
              'Readings that were written to the history',
              running.counters.written,
            ),
            counter(
              'ubmsc_history_lost_readings_total',
              'Readings that are missing in the history, because it could not be written for too long',
              running.counters.lost,
            ),
          ],
          [Symbol.asyncDispose]: async () => await running[Symbol.asyncDispose](),
        };
      } catch (error) {
        // Readings go on without it.
        const message = problemText(error);
        logLine('error', `no history is kept: ${message}`);
        return {
          target: folder,
          problem: () => message,
          async [Symbol.asyncDispose]() {},
        };
      }
    };
  },
};

/** How much is kept. */
export function limitsOf({ historyDays, historyYears, historyBudget }: GeneralOptions): {
  readonly rawDays: number;
  readonly minuteDays: number;
  readonly budget: number | undefined;
} {
  const budget = historyBudget === undefined ? undefined : historyBudget * 1_000_000;
  return { rawDays: historyDays, minuteDays: Math.ceil(historyYears * 365.25), budget };
}
