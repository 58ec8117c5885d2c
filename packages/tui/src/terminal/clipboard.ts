/** Most bytes that terminals accept for the clipboard, in base64. */
const MOST_BYTES = 74_994;

/** The sequence that puts a text on the clipboard of the terminal (OSC 52); undefined when it is too long for that. */
export function toClipboard(text: string): string | undefined {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  return encoded.length > MOST_BYTES ? undefined : `\u{1b}]52;c;${encoded}\u{7}`;
}
