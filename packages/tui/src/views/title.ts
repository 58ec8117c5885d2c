import { fit, lineWidth, span, type Line } from '../text/line.ts';
import { signs } from '../text/signs.ts';

/**
 * A rule with the name of a pane in it, and at its right end what else there is to say: the first of the notes that
 * there is room for.
 */
export function title(name: string, width: number, ...notes: readonly Line[]): Line {
  const { rule } = signs;
  const left: Line = [span(`${rule} `, 'dim'), span(name, 'title'), span(' ')];
  const room = width - lineWidth(left);
  const note = notes.find((each) => lineWidth(each) > 0 && lineWidth(each) + 4 <= room);
  const right: Line = note ? [span(' '), ...note, span(` ${rule}`, 'dim')] : [];
  return fit([...left, span(rule.repeat(Math.max(0, room - lineWidth(right))), 'dim'), ...right], width);
}
