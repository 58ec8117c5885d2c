import { sanitize } from '@ubmsc/base';
import { askEach } from '../../batteries/ask-each.ts';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { problemText } from '../../hints.ts';
import { print } from '../../output.ts';
import { fromWorst, judge, levels, performanceData, type Level } from './judge.ts';
import { rangesOf } from './ranges.ts';

export interface CheckOptions extends BatteriesOptions {
  readonly warning: readonly string[];
  readonly critical: readonly string[];
}

const UNKNOWN = 3;

/** What is said of one battery. */
interface Line {
  readonly level: Level;
  readonly text: string;
}

/**
 * Reads batteries once and prints whether they are well: a line for each, the worst first, since monitors show that. Returns
 * the exit code of a plugin of Nagios: that of the worst.
 */
export async function check(options: CheckOptions, signal: AbortSignal): Promise<number> {
  let found: readonly Line[];
  try {
    const ranges = { warning: rangesOf(options.warning), critical: rangesOf(options.critical) };
    const { answers, failures } = await askEach(
      options,
      signal,
      async (battery, { device }): Promise<Line> => {
        const reading = await battery.read(signal);
        const { level, text } = judge(reading, ranges);
        return { level, text: `${device}: ${text} | ${performanceData(device, reading, ranges)}` };
      },
    );
    found = [...answers, ...failures.map(unknown)];
  } catch (error) {
    signal.throwIfAborted();
    // Of a single battery standard error has the next step.
    found = [{ level: UNKNOWN, text: problemText(error) }];
  }
  for (const { level, text } of fromWorst(found)) await print(`${levels[level]} ${sanitize(text)}\n`);
  return fromWorst(found)[0]?.level ?? UNKNOWN;
}

function unknown(error: unknown): Line {
  return { level: UNKNOWN, text: error instanceof Error ? error.message : String(error) };
}
