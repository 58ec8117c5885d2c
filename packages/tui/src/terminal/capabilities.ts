import type { GraphStyle } from '../text/graph.ts';
import type { Theme } from '../text/palette.ts';
import type { Characters } from '../text/signs.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a terminal can show, as far as the environment tells. */
export interface Capabilities {
  readonly characters: Characters;
  readonly graphStyle: GraphStyle;
  readonly theme: Theme;
}

const graphStyleOf: Readonly<Record<Characters, GraphStyle>> = {
  all: 'braille',
  console: 'block',
  ascii: 'ascii',
};

/**
 * The locale says whether there is more than ASCII (POSIX, "Environment Variables"). The console of Linux has fonts of
 * 256 or 512 characters. `COLORFGBG` tells the background where a terminal sets it.
 */
export function capabilities(env: Environment): Capabilities {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  const isUnicode = /utf-?8/i.test(locale) && env['TERM'] !== 'dumb';
  const characters = isUnicode ? (env['TERM'] === 'linux' ? 'console' : 'all') : 'ascii';
  const [, background] = /;(\d+)$/.exec(env['COLORFGBG'] ?? '') ?? [];
  return {
    characters,
    graphStyle: graphStyleOf[characters],
    theme: background === '7' || background === '15' ? 'light' : 'dark',
  };
}
