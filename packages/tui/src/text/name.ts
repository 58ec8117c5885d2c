import { sanitize } from '@ubmsc/base';
import { signs } from './signs.ts';
import { characters, cut, displayWidth } from './width.ts';

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** LEFT-TO-RIGHT MARK: takes no room, and keeps a terminal from moving the numbers behind a name in front of it. */
const leftToRight = '\u{200e}';

/**
 * The name of a device in at most `width` columns. Names come from the air. Terminals do not agree how wide a character
 * is that is composed of several symbols, so of those only the first stays; accents stay.
 */
export function showName(name: string, width = Infinity): string {
  const shown = characters(sanitize(name.normalize('NFC')).trim())
    .map(simple)
    .join('');
  const fits = displayWidth(shown) <= width;
  const text = fits ? shown : cut(shown, width - 1) + signs.ellipsis;
  return rightToLeft.test(text) ? text + leftToRight : text;
}

function simple(character: string): string {
  const [first = '', ...rest] = character;
  return first + rest.filter((each) => /\p{M}/u.test(each) && !/[\ufe00-\ufe0f]/.test(each)).join('');
}
