/**
 * Lines of columns, two spaces apart and indented by two. Every column but the last is as wide as its widest text;
 * `padStart` puts the texts of a column at its right, `padEnd` at its left.
 */
export function columns(rows: readonly (readonly string[])[], pad: 'padStart' | 'padEnd'): string[] {
  const [first = [], ...others] = rows;
  const widths = first
    .slice(0, -1)
    .map((text, column) => Math.max(text.length, ...others.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((text, column) => text[pad](widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}

/** Numbers as texts with as many decimals as the longest needs, so that their points are below each other. */
export function sameDecimals<T>(values: readonly (number | T)[]): (string | T)[] {
  const decimals = Math.max(
    0,
    ...values.map((value) => (typeof value === 'number' ? (String(value).split('.')[1]?.length ?? 0) : 0)),
  );
  return values.map((value) => {
    if (typeof value !== 'number') return value;
    const fixed = value.toFixed(decimals);
    return Number(fixed) === value ? fixed : String(value);
  });
}
