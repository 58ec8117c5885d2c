import { logLevels, UsageError, type LogMessage } from '@ubmsc/base';

/** Says which messages are logged. */
export type LogFilter = (message: Pick<LogMessage, 'level' | 'target'>) => boolean;

/**
 * Reads a filter such as `info`, `ubmsc=debug` or `warn,ubmsc::link=trace`: a level for everything, levels for
 * targets and what is below them; the longest target counts. Throws a UsageError for anything else.
 */
export function parseLogFilter(text: string): LogFilter {
  const rules = text.split(',').map((part) => {
    const [first = '', second] = part.trim().split('=');
    const [target, level] = second === undefined ? ['', first] : [first.trim(), second.trim()];
    return { target, rank: rankOf(level.toLowerCase(), text) };
  });
  return ({ level, target }) => {
    const applying = rules.filter((rule) => covers(rule.target, target));
    const rule = applying.reduce<(typeof rules)[number] | undefined>(
      (best, candidate) => (best && best.target.length > candidate.target.length ? best : candidate),
      undefined,
    );
    return rule !== undefined && logLevels.indexOf(level) <= rule.rank;
  };
}

function covers(rule: string, target: string): boolean {
  return rule === '' || target === rule || target.startsWith(`${rule}::`);
}

function rankOf(level: string, filter: string): number {
  if (level === 'off') return -1;
  const rank = logLevels.findIndex((name) => name === level);
  if (rank >= 0) return rank;
  throw new UsageError(
    `${JSON.stringify(filter)} is not a log filter`,
    `give a level (${[...logLevels, 'off'].join(', ')}) or target=level, separated by commas`,
  );
}
