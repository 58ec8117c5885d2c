import stringWidth from 'string-width';

/** Letters, digits, and what graphs and bars are made of: one column each. The rest has to be looked up, which is slow. */
const plain = /^[\u0020-\u007e\u2500-\u259f\u2800-\u28ff▲▼▸●○◆·–…°Ω↑↓›×½±≥≤]*$/;

let segmenter: Intl.Segmenter | undefined;

/** Made when a text needs it, because that takes 30 ms. */
function segments(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Columns that a text takes on a terminal: 2 for a wide character, 0 for a mark on another. */
export function displayWidth(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text);
}

/** Whether each character of a text takes exactly one column, on every terminal. */
export function isPlain(text: string): boolean {
  return plain.test(text);
}

/** As much of a text as fits into `width` columns, in whole characters as people see them. */
export function cut(text: string, width: number): string {
  if (plain.test(text)) return text.slice(0, Math.max(0, width));
  let kept = '';
  let left = width;
  for (const { segment } of segments(text)) {
    left -= stringWidth(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept;
}

/** The characters of a text as people see them. */
export function characters(text: string): string[] {
  return Array.from(segments(text), ({ segment }) => segment);
}
