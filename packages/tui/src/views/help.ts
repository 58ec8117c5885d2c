import { bindingsIn, type Mode, type ViewName } from '../keys/bindings.ts';
import { fit, span, type Line } from '../text/line.ts';
import { extent, part } from './list.ts';
import { title } from './title.ts';
import type { Room } from './view.ts';

const viewTitles: Readonly<Record<ViewName, string>> = {
  fleet: 'the list of batteries',
  battery: 'the screen of a battery',
  cell: 'the screen of a cell',
  raw: 'the raw fields',
  events: 'the events',
  help: 'the help',
};

const signsHelp: readonly (readonly [string, string])[] = [
  ['▼ ▲', 'the lowest and the highest cell; bars span only the spread, on the scale above them'],
  ['● ○', 'changes with each frame of the battery'],
  ['STALE', 'the battery has sent nothing for too long: what is grey was true then, not now'],
  ['SIMULATED', 'nothing here was measured on a real battery'],
];

/** Names of keys as people know them: `esc`, `page up`, `G`. */
export function keyLabel(key: string): string {
  if (key === 'escape') return 'esc';
  return key.length === 1 ? key : key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** What the keys do in a view. */
export function helpView(view: ViewName, mode: Mode, first: number, { width, height }: Room): Line[] {
  const lines = helpLines(view, mode);
  const shown = part(lines, first, height - 1);
  return [
    title(`Keys in ${viewTitles[view]}`, width, extent(shown.first, shown.items.length, lines.length)),
    ...shown.items.map((line) => fit(line, width)),
  ];
}

export function helpLines(view: ViewName, mode: Mode): Line[] {
  const rows = bindingsIn(view, mode).map(({ keys, help }): Line => [
    span(`  ${keys.map(keyLabel).join(' ')}`.padEnd(27), 'accent'),
    span(help),
  ]);
  const legend = signsHelp.map(([sign, help]): Line => [span(`  ${sign}`.padEnd(27), 'title'), span(help)]);
  return [...rows, [], ...legend];
}
