import type { LoggedEvent, Severity } from '../model/event-log.ts';
import { fit, lineWidth, span, spread, type Line, type Role } from '../text/line.ts';
import { date, clock } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';

/** Where one is in a recording. Times by its clock, in milliseconds since 1970-01-01 UTC. */
export interface Progress {
  readonly start: number;
  /** As far as it was read. */
  readonly end: number;
  readonly isComplete: boolean;
  /** Something is missing of it. */
  readonly isCut: boolean;
  readonly moment: number;
  readonly playing: boolean;
  readonly speed: number;
  /** What one can go to. */
  readonly marks: readonly LoggedEvent[];
}

/** From this width on, there is room for the date. */
const ROOMY = 100;

/** What marks are drawn with. Where several fall on one column, the first of them here is drawn. */
const markLooks: readonly (readonly [Severity, string, Role])[] = [
  ['alarm', signs.alarm, 'alarm'],
  ['notice', signs.change, 'notice'],
  ['info', signs.change, 'text'],
  ['good', signs.change, 'good'],
];

/** A line with the position in a recording, alarms and changes of states marked on it. */
export function progressLine(progress: Progress, width: number): Line {
  const { left, right, columns } = parts(progress, width);
  const marks = new Map<number, number>();
  for (const { at, severity } of progress.marks) {
    const look = markLooks.findIndex(([each]) => each === severity);
    const column = columnOf(at, progress, columns);
    if (look >= 0) marks.set(column, Math.min(look, marks.get(column) ?? look));
  }
  const here = columnOf(progress.moment, progress, columns);
  const bar = Array.from({ length: columns }, (_, column): Line[number] => {
    if (column === here) return span(signs.position, 'accent');
    const [, sign, role] = markLooks[marks.get(column) ?? -1] ?? [];
    if (sign !== undefined) return span(sign, role);
    return column < here ? span(signs.played, 'accent') : span(signs.rule, 'dim');
  });
  return fit(spread([...left, ...bar], right, width), width);
}

/** The moment in a column of the terminal; undefined beside the line that shows the position. */
export function momentAt(column: number, progress: Progress, width: number): number | undefined {
  const { left, columns } = parts(progress, width);
  const index = column - lineWidth(left);
  if (index < 0 || index >= columns) return undefined;
  return progress.start + ((progress.end - progress.start) * index) / Math.max(1, columns - 1);
}

/** What stands beside the line, and how many columns it has. */
function parts(
  { start, end, isComplete, isCut, moment, playing, speed }: Progress,
  width: number,
): { readonly left: Line; readonly right: Line; readonly columns: number } {
  const state = `${playing ? 'playing' : 'paused'} ${speed === 0.5 ? '½' : speed}×`;
  const left: Line = [span(` ${state.padEnd(12)}`, 'title')];
  const right: Line = [
    ...(isComplete ? [] : [span(' reading …', 'notice')]),
    ...(isCut ? [span(' incomplete', 'notice')] : []),
    span(` ${position(moment - start)} of ${position(end - start)} `, 'dim'),
    span(`${width >= ROOMY ? `${date(moment)} ` : ''}${clock(moment)} `),
  ];
  return { left, right, columns: Math.max(1, width - lineWidth(left) - lineWidth(right)) };
}

function columnOf(time: number, { start, end }: Progress, columns: number): number {
  const share = end > start ? (time - start) / (end - start) : 0;
  return Math.round(Math.max(0, Math.min(1, share)) * (columns - 1));
}

/** Hours, minutes and seconds from the start, such as `1:02:03`. */
function position(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number: number): string => String(number % 60).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60))}:${two(seconds)}`;
}
