import type { Key } from 'ink';

/** A key press by name: `up`, `enter`, `ctrl-u`, or the character; a burst of characters is several presses. */
export function keyNames(input: string, key: Key): string[] {
  for (const [flag, name] of named) if (key[flag]) return [key.shift && name === 'tab' ? 'shift-tab' : name];
  if (key.ctrl) return [`ctrl-${input}`];
  // What is left of a control sequence that nobody knows.
  if (/^[[O][\d;<?]/.test(input)) return [];
  return Array.from(input, (each) => (each === ' ' ? 'space' : each === '\r' ? 'enter' : each));
}

const named = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageUp'],
  ['pageDown', 'pageDown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
  ['escape', 'escape'],
] as const satisfies readonly (readonly [keyof Key, string])[];
