import { sanitize } from '@ubmsc/base';
import { askEach } from '../../batteries/ask-each.ts';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { print } from '../../output.ts';
import { judge, levels, performanceData, worstOf, type Level } from './judge.ts';
import { rangesOf } from './ranges.ts';

export interface CheckOptions extends BatteriesOptions {
  readonly warning: readonly string[];
  readonly critical: readonly string[];
}

const UNKNOWN = 3;

/**
 * Reads batteries once and prints whether they are well: a line for each. Returns the exit code of a plugin of Nagios:
 * that of the worst.
 */
export async function check(options: CheckOptions, signal: AbortSignal): Promise<number> {
  let found: readonly Level[];
  try {
    const ranges = { warning: rangesOf(options.warning), critical: rangesOf(options.critical) };
    const { answers, exitCode } = await askEach(options, signal, async (battery, { device }) => {
      const reading = await battery.read(signal);
      const { level, text } = judge(reading, ranges);
      const line = `${levels[level]} ${device}: ${text} | ${performanceData(device, reading, ranges)}`;
      return { level, line };
    });
    for (const { line } of answers) await print(`${sanitize(line)}\n`);
    found = [...answers.map(({ level }) => level), ...(exitCode === 0 ? [] : ([UNKNOWN] as const))];
    if (answers.length === 0) await print('UNKNOWN no battery could be read\n');
  } catch (error) {
    signal.throwIfAborted();
    await print(`UNKNOWN ${sanitize(error instanceof Error ? error.message : String(error))}\n`);
    return UNKNOWN;
  }
  return worstOf(found) ?? UNKNOWN;
}
