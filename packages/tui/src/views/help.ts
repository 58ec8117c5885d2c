import { bindingsIn } from '../keys/bindings.ts';
import type { Mode, ViewName } from '../keys/view-name.ts';
import { fit, span, wrap, type Line, type Role } from '../text/line.ts';
import { extent, part } from './list.ts';
import { title } from './title.ts';
import type { Room } from './view.ts';

const viewTitles: Readonly<Record<ViewName, string>> = {
  fleet: 'the list of batteries',
  battery: 'the screen of a battery',
  cell: 'the screen of a cell',
  compare: 'the comparison',
  alarms: 'the alarms',
  settings: 'the settings',
  raw: 'the raw fields',
  events: 'the events',
  help: 'the help',
};

const signsHelp: readonly (readonly [string, string])[] = [
  ['▼ ▲', 'the lowest and the highest cell'],
  ['bars of cells', 'how far each cell is from the mean, on an axis of ±10, 30, 100, 300 or 1000 mV'],
  ['even', 'no more than 10 mV apart; fairly even up to 30, uneven up to 100, then far apart'],
  ['● ○', 'changes each second as long as the battery sends readings'],
  ['STALE', 'the battery has sent nothing for too long: what is grey was true then, not now'],
  ['charging', 'is positive and drawn above the line of zero, discharging negative and below it'],
  ['SIMULATED', 'nothing here was measured on a real battery'],
];

/** Names of keys as people know them: `esc`, `page up`, `G`. */
export function keyLabel(key: string): string {
  if (key === 'escape') return 'esc';
  return key.length === 1 ? key : key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** What the keys do in a view. */
export function helpView(view: ViewName, mode: Mode, first: number, { width, height }: Room): Line[] {
  const lines = helpLines(view, mode, width);
  const shown = part(lines, first, height - 1);
  return [
    title(`Keys in ${viewTitles[view]}`, width, extent(shown.first, shown.items.length, lines.length)),
    ...shown.items.map((line) => fit(line, width)),
  ];
}

/** Columns of the keys. */
const KEYS = 27;

export function helpLines(view: ViewName, mode: Mode, width: number): Line[] {
  const keys = bindingsIn(view, mode).flatMap((binding) =>
    explained(binding.keys.map(keyLabel).join(' '), binding.help, 'accent', width),
  );
  return [...keys, [], ...signsHelp.flatMap(([sign, help]) => explained(sign, help, 'title', width))];
}

/** A sign or a key, and beside it what it means, in as many lines as that takes. */
function explained(sign: string, help: string, role: Role, width: number): Line[] {
  return wrap(help, width - KEYS).map((text, index): Line => [
    span((index === 0 ? `  ${sign}` : '').padEnd(KEYS), role),
    span(text),
  ]);
}
