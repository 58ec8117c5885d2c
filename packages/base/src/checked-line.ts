import { crc32 } from 'node:zlib';

/** A line with its CRC-32 before it, without a line end: damage shows. */
export function checkedLine(content: string): string {
  return `${crc32(content).toString(16).padStart(8, '0')} ${content}`;
}

/** The content of a {@link checkedLine}; undefined when anything was changed. */
export function contentOfLine(line: string): string | undefined {
  const content = line.slice(9);
  return line === checkedLine(content) ? content : undefined;
}
