/**
 * Characters that make a terminal do something else than show them: controls (C0, DEL, C1), line and paragraph
 * separators, marks that reverse the direction of writing, halves of surrogate pairs.
 */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu;

/**
 * Text of a device or of a name on the air, safe to print on a terminal. Devices are not trusted: a name may hold
 * escape sequences. Each unsafe character becomes U+FFFD, or what `replace` makes of it.
 */
export function sanitize(text: string, replace: (character: string) => string = () => '\u{fffd}'): string {
  return text.replace(unsafe, replace);
}
