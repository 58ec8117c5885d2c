import { fit, span, type Line } from '../text/line.ts';

/** Which part of a long list is shown: `first` is its first shown line, never beyond its end. */
export function part<Item>(
  items: readonly Item[],
  first: number,
  height: number,
): { readonly items: readonly Item[]; readonly first: number } {
  const from = Math.max(0, Math.min(first, items.length - height));
  return { items: items.slice(from, from + height), first: from };
}

/** The first line so that the selected one is in sight, in the middle where that is possible. */
export function firstToShow(selected: number, count: number, height: number): number {
  return Math.max(0, Math.min(selected - Math.floor(height / 2), count - height));
}

/** `12–30 of 58`, where not all lines are in sight. */
export function extent(first: number, shown: number, count: number): Line {
  return shown >= count ? [] : [span(`${first + 1}–${first + shown} of ${count}`, 'dim')];
}

/** Blank lines below a pane, so that it takes all of its room. */
export function fill(
  lines: readonly Line[],
  { width, height }: { readonly width: number; readonly height: number },
): Line[] {
  return Array.from({ length: Math.max(0, height) }, (_, index) => fit(lines[index] ?? [], width));
}
