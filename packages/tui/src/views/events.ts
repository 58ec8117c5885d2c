import type { LoggedEvent, Severity } from '../model/event-log.ts';
import { column, fit, lineWidth, span, wrap, type Line, type Role } from '../text/line.ts';
import { showName } from '../text/name.ts';
import { clock } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { displayWidth } from '../text/width.ts';
import { extent, part } from './list.ts';
import { title } from './title.ts';
import type { Room, Scene } from './view.ts';

const severityRoles: Readonly<Record<Severity, Role>> = {
  alarm: 'alarm',
  notice: 'notice',
  good: 'good',
  info: 'text',
  step: 'dim',
};

/** The most important of what has happened, a line each, the latest at the bottom. */
export function eventsPane(
  events: readonly LoggedEvent[],
  named: boolean,
  scene: Scene,
  { width, height }: Room,
): Line[] {
  const mattering = events.filter(({ severity }) => severity !== 'step').slice(1 - height);
  const own = nameWidth(mattering, named);
  const lines = mattering.map((event) => {
    const inFull = eventLines(event, own, Infinity, scene);
    const words = event.alarm?.words;
    const isCut = inFull.some((line) => lineWidth(line) > width);
    return isCut && words !== undefined
      ? eventLines({ ...event, text: words }, own, Infinity, scene)
      : inFull;
  });
  return [title('Events', width), ...lines.flat().map((line) => fit(line, width))];
}

/** All that has happened, in full, the latest at the bottom; `back` is how many of the last lines are left out. */
export function eventsView(
  events: readonly LoggedEvent[],
  named: boolean,
  back: number,
  scene: Scene,
  { width, height }: Room,
): Line[] {
  const lines = allLines(events, named, width, scene);
  const room = Math.max(0, height - 1);
  const { items, first } = part(lines, lines.length - room - back, room);
  if (lines.length === 0) return [title('Events', width), [span('  nothing has happened yet', 'dim')]];
  return [
    title('Events', width, extent(first, items.length, lines.length)),
    ...items.map((line) => fit(line, width)),
  ];
}

/** How many lines all events take. */
export function eventLineCount(
  events: readonly LoggedEvent[],
  named: boolean,
  width: number,
  scene: Scene,
): number {
  return allLines(events, named, width, scene).length;
}

function allLines(events: readonly LoggedEvent[], named: boolean, width: number, scene: Scene): Line[] {
  const own = nameWidth(events, named);
  return events.flatMap((event) => eventLines(event, own, width, scene));
}

function nameWidth(events: readonly LoggedEvent[], named: boolean): number {
  if (!named) return 0;
  const names = new Set(events.map(({ device }) => device ?? ''));
  return Math.min(18, Math.max(6, ...Array.from(names, (name) => displayWidth(showName(name)))));
}

function eventLines(
  { at, device, severity, text, sentence }: LoggedEvent,
  named: number,
  width: number,
  { now, wall }: Scene,
): Line[] {
  const role = severityRoles[severity];
  const head: Line = [
    // By one clock that never steps back, so that times never run backwards.
    span(`  ${clock(wall - (now - at))} `, 'dim'),
    span(`${severity === 'alarm' ? signs.alarm : ' '} `, role),
    ...(named > 0
      ? [...column(device === undefined ? 'ubmsc' : showName(device, named), named), span('  ')]
      : []),
  ];
  const indent = span(' '.repeat(lineWidth(head)));
  const room = Math.max(10, width - lineWidth(head));
  const isInFull = Number.isFinite(width) && sentence !== undefined;
  const lines = [
    ...wrap(text, room).map((line) => span(line, role)),
    ...(isInFull ? wrap(sentence, room).map((line) => span(line, 'dim')) : []),
  ];
  return lines.map((line, index): Line => [...(index === 0 ? head : [indent]), line]);
}
