/** Looks of SGR parameters, for the palettes of this package: hues of 24 bits, and weights. */
interface Look {
  color: string | undefined;
  bold: boolean;
  dim: boolean;
  inverse: boolean;
}

const plain: Look = { color: undefined, bold: false, dim: false, inverse: false };

const cell = { width: 8.4, height: 18 } as const;

const backgrounds = {
  dark: { back: '#16181d', fore: '#d8dce4', dim: '#7b828f' },
  light: { back: '#fbfbf8', fore: '#22252b', dim: '#8b9099' },
};

/**
 * Lines with control sequences as a picture. Every run of text is stretched to the columns that it takes, so that fonts
 * with other widths move nothing.
 */
export function toSvg(
  lines: readonly string[],
  columns: number,
  theme: keyof typeof backgrounds,
  widthOf: (text: string) => number,
): string {
  const { back, fore, dim } = backgrounds[theme];
  const width = Math.ceil(columns * cell.width + 24);
  const height = lines.length * cell.height + 24;
  const rows = lines.map((line, row) => {
    let column = 0;
    return runs(line)
      .flatMap(({ text, look }) => {
        const color = look.color ?? (look.dim ? dim : fore);
        const top = 12 + row * cell.height;
        const start = column;
        const parts = split(text).map((part) => {
          const x = 12 + column * cell.width;
          const taken = widthOf(part);
          column += taken;
          const ink = look.inverse ? back : color;
          return (
            drawn(part, x, top, taken * cell.width, ink) ??
            letters(part, x, top, taken * cell.width, ink, look.bold)
          );
        });
        const wide = (column - start) * cell.width;
        return look.inverse
          ? [
              `<rect x="${n(12 + start * cell.width)}" y="${n(top)}" width="${n(wide)}" height="${cell.height}" fill="${color}"/>`,
              ...parts,
            ]
          : parts;
      })
      .join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14">`,
    `<rect width="100%" height="100%" rx="8" fill="${back}"/>`,
    ...rows.filter((row) => row !== ''),
    '</svg>',
    '',
  ].join('\n');
}

/** Words and signs of graphs apart: those are drawn, because not every font has them, or not as wide as the rest. */
function split(text: string): string[] {
  return Array.from(
    text.matchAll(/[\u2800-\u28ff]+|[\u2581-\u258f]+|\u2500+| +|[^\u2800-\u28ff\u2581-\u258f\u2500 ]+/g),
    ([part]) => part,
  );
}

function drawn(part: string, x: number, top: number, width: number, color: string): string | undefined {
  const code = part.codePointAt(0) ?? 0;
  if (part.startsWith(' ')) return '';
  if (code === 0x2500)
    return `<rect x="${n(x)}" y="${n(top + 8.5)}" width="${n(width)}" height="1" fill="${color}"/>`;
  if (code >= 0x2800 && code <= 0x28ff) return dots(part, x, top, color);
  if (code < 0x2581 || code > 0x258f) return undefined;
  return Array.from(part, (each, index) => {
    const block = each.codePointAt(0) ?? 0;
    const left = x + index * cell.width;
    // Eighths from below, or from the left.
    const [w, h] = block <= 0x2588 ? [1, (block - 0x2580) / 8] : [(0x2590 - block) / 8, 1];
    return `<rect x="${n(left)}" y="${n(top + 1 + (1 - h) * (cell.height - 2))}" width="${n(w * cell.width + 0.2)}" height="${n(h * (cell.height - 2))}" fill="${color}"/>`;
  }).join('');
}

/** Dots of a braille character (Unicode, Braille Patterns), as strokes without length. */
function dots(part: string, x: number, top: number, color: string): string {
  const places = [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
    [0, 3],
    [1, 3],
  ] as const;
  const strokes = Array.from(part).flatMap((each, index) => {
    const bits = (each.codePointAt(0) ?? 0) - 0x2800;
    return places
      .filter((_, bit) => (bits >> bit) & 1)
      .map(
        ([column, row]) => `M${n(x + index * cell.width + 2.1 + column * 4.2)} ${n(top + 2.3 + row * 4.5)}h0`,
      );
  });
  return `<path d="${strokes.join('')}" stroke="${color}" stroke-width="2.8" stroke-linecap="round"/>`;
}

function letters(part: string, x: number, top: number, width: number, color: string, bold: boolean): string {
  const weight = bold ? ' font-weight="bold"' : '';
  return `<text x="${n(x)}" y="${n(top + 13)}" textLength="${n(width)}" fill="${color}"${weight}>${escape(part)}</text>`;
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The runs of a line that look the same. */
function runs(line: string): { readonly text: string; readonly look: Look }[] {
  const found: { text: string; look: Look }[] = [];
  let look = { ...plain };
  // oxlint-disable-next-line no-control-regex -- control sequences are what is looked for
  for (const [, parameters, text] of line.matchAll(/\u001b\[([\d;]*)m|([^\u001b]+)/g)) {
    if (text !== undefined) found.push({ text, look });
    else look = after(look, (parameters ?? '').split(';').map(Number));
  }
  return found;
}

function after(before: Look, parameters: readonly number[]): Look {
  const look = { ...before };
  for (let index = 0; index < parameters.length; index++) {
    const parameter = parameters[index];
    if (parameter === 0) Object.assign(look, plain);
    if (parameter === 1) look.bold = true;
    if (parameter === 2) look.dim = true;
    if (parameter === 7) look.inverse = true;
    if (parameter === 38) {
      look.color = `rgb(${parameters.slice(index + 2, index + 5).join(',')})`;
      index += 4;
    }
  }
  return look;
}
