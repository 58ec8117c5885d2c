import { roles, type Line, type Role } from './line.ts';

/** Bits of colour that a terminal shows, as Node tells them; 1 means no colours. */
export type ColorDepth = 1 | 4 | 8 | 24;

export const themes = ['dark', 'light'] as const;

export type Theme = (typeof themes)[number];

/** Look of each role, as parameters of SGR (ECMA-48, 8.3.117). */
export type Palette = Readonly<Record<Role, string>>;

/**
 * Hues that people of every colour vision tell apart (Okabe and Ito, "Color Universal Design", 2008), in the three
 * ways in which terminals take them. Light backgrounds take the darker ones.
 */
const hues = {
  blue: {
    dark: { 4: '94', 8: '38;5;75', 24: '38;2;86;180;233' },
    light: { 4: '34', 8: '38;5;25', 24: '38;2;0;114;178' },
  },
  orange: {
    dark: { 4: '33', 8: '38;5;214', 24: '38;2;230;159;0' },
    light: { 4: '33', 8: '38;5;130', 24: '38;2;166;97;0' },
  },
  green: {
    dark: { 4: '32', 8: '38;5;36', 24: '38;2;0;178;128' },
    light: { 4: '32', 8: '38;5;29', 24: '38;2;0;118;86' },
  },
  red: {
    dark: { 4: '91', 8: '38;5;202', 24: '38;2;240;100;40' },
    light: { 4: '31', 8: '38;5;160', 24: '38;2;184;60;0' },
  },
  purple: {
    dark: { 4: '95', 8: '38;5;175', 24: '38;2;213;140;180' },
    light: { 4: '35', 8: '38;5;132', 24: '38;2;160;70;120' },
  },
  grey: {
    dark: { 4: '37', 8: '38;5;246', 24: '38;2;142;152;168' },
    light: { 4: '90', 8: '38;5;244', 24: '38;2;128;134;146' },
  },
} as const;

const weight = { bold: '1', dim: '2', inverse: '7' } as const;

/** What a role looks like: a hue, a weight, or both. */
const looks: Readonly<
  Record<Role, { readonly hue?: keyof typeof hues; readonly weight?: keyof typeof weight }>
> = {
  text: {},
  dim: { weight: 'dim' },
  title: { weight: 'bold' },
  accent: { hue: 'blue' },
  good: { hue: 'green' },
  notice: { hue: 'orange' },
  alarm: { hue: 'red', weight: 'bold' },
  bar: { hue: 'grey' },
  low: { hue: 'orange' },
  high: { hue: 'blue' },
  charge: { hue: 'green' },
  discharge: { hue: 'purple' },
  stale: { weight: 'dim' },
  banner: { hue: 'purple', weight: 'inverse' },
  'banner-alarm': { hue: 'red', weight: 'inverse' },
  'banner-notice': { hue: 'orange', weight: 'inverse' },
  selected: { weight: 'inverse' },
};

/** How the roles look on a terminal. Without colour, weight and words remain. */
export function palette(theme: Theme, depth: ColorDepth): Palette {
  const parameters = (role: Role): string => {
    const { hue, weight: heavy } = looks[role];
    const color = hue === undefined || depth === 1 ? [] : [hues[hue][theme][depth]];
    return [...(heavy === undefined ? [] : [weight[heavy]]), ...color].join(';');
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the names
  return Object.fromEntries(roles.map((role) => [role, parameters(role)])) as Palette;
}

/** The line with its looks. */
export function paint(line: Line, look: Palette): string {
  let painted = '';
  for (const { text, role } of line) {
    const parameters = look[role];
    const isSeen = text.trim() !== '' || parameters.startsWith(weight.inverse);
    painted += parameters === '' || !isSeen ? text : `\u{1b}[${parameters}m${text}\u{1b}[0m`;
  }
  return painted;
}
