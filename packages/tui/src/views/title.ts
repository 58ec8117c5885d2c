import { fit, lineWidth, span, type Line } from '../text/line.ts';
import { signs } from '../text/signs.ts';

/** A rule with the name of a pane in it, and at its right end what else there is to say. */
export function title(name: string, width: number, note: Line = []): Line {
  const { rule } = signs;
  const left: Line = [span(`${rule} `, 'dim'), span(name, 'title'), span(' ')];
  const right: Line = note.length === 0 ? [] : [span(' '), ...note, span(` ${rule}`, 'dim')];
  const room = width - lineWidth(left) - lineWidth(right);
  if (room < 1 && note.length > 0) return title(name, width);
  return fit([...left, span(rule.repeat(Math.max(0, room)), 'dim'), ...right], width);
}
