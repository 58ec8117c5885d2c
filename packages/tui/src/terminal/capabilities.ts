import type { GraphStyle } from '../text/graph.ts';
import type { Theme } from '../text/palette.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a terminal can show, as far as the environment tells. */
export interface Capabilities {
  /** Whether it shows more than ASCII. */
  readonly unicode: boolean;
  readonly graphStyle: GraphStyle;
  readonly theme: Theme;
}

/**
 * The locale says whether there is more than ASCII (POSIX, "Environment Variables"). The console of Linux has blocks
 * and no braille. `COLORFGBG` tells the background where a terminal sets it.
 */
export function capabilities(env: Environment): Capabilities {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  const unicode = /utf-?8/i.test(locale) && env['TERM'] !== 'dumb';
  const isConsole = env['TERM'] === 'linux';
  const [, background] = /;(\d+)$/.exec(env['COLORFGBG'] ?? '') ?? [];
  return {
    unicode,
    graphStyle: unicode ? (isConsole ? 'block' : 'braille') : 'ascii',
    theme: background === '7' || background === '15' ? 'light' : 'dark',
  };
}
