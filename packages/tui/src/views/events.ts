import type { LoggedEvent, Severity } from '../model/event-log.ts';
import { column, fit, span, type Line, type Role } from '../text/line.ts';
import { showName } from '../text/name.ts';
import { clock } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { extent, part } from './list.ts';
import { title } from './title.ts';
import type { Room } from './view.ts';

const severityRoles: Readonly<Record<Severity, Role>> = {
  alarm: 'alarm',
  notice: 'notice',
  good: 'good',
  info: 'text',
  step: 'dim',
};

/** What has happened, the latest at the bottom; `back` says how many of the latest are left out. */
export function eventsView(
  all: readonly LoggedEvent[],
  { width, height }: Room,
  {
    named,
    back,
  }: {
    /** Whether it is said of which battery each event is. */
    readonly named: boolean;
    /** How many of the latest are left out; undefined for a pane that shows only what matters. */
    readonly back?: number;
  },
): Line[] {
  const room = Math.max(0, height - 1);
  const events = back === undefined ? all.filter(({ severity }) => severity !== 'step') : all;
  const { items, first } = part(events, events.length - room - (back ?? 0), room);
  const nameWidth = named
    ? Math.min(18, Math.max(6, ...items.map(({ device }) => showName(device ?? '').length)))
    : 0;
  const lines = items.map((event) => eventLine(event, nameWidth, width));
  if (events.length === 0) lines.push(fit([span('  nothing has happened yet', 'dim')], width));
  return [title('Events', width, extent(first, items.length, events.length)), ...lines].slice(0, height);
}

function eventLine({ time, device, severity, text }: LoggedEvent, nameWidth: number, width: number): Line {
  const role = severityRoles[severity];
  return fit(
    [
      span(`  ${clock(time)} `, 'dim'),
      span(`${severity === 'alarm' ? signs.alarm : ' '} `, role),
      ...(nameWidth > 0
        ? [...column(device === undefined ? 'ubmsc' : showName(device, nameWidth), nameWidth), span('  ')]
        : []),
      span(text, role),
    ],
    width,
  );
}
