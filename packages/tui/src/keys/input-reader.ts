import { parseMouse, type MouseEvent } from './mouse.ts';

/** What came from the keyboard or the mouse. A key has a name: `up`, `enter`, `ctrl-u`, or the character. */
export type Input =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'paste'; readonly text: string }
  | MouseEvent;

/** Pasted text stands between these (xterm control sequences, "Bracketed Paste Mode"). */
const paste = { start: '[200~', end: '\u{1b}[201~' } as const;

/** Pause after which pasted text without an end is over, in milliseconds: else no key would do anything. */
const PASTE_PAUSE = 1000;

/** Pasted text that does not end is cut off here, in characters. */
const LONGEST_PASTE = 100_000;

const ESCAPE = '\u{1b}';

/** What follows an escape without a pause belongs to it. So long is waited, in milliseconds: over ssh, parts lag. */
const PAUSE = 50;

/** Most parameters of a control sequence, in characters. */
const MOST = 32;

/** Behind an escape: a control sequence, those of Linux's function keys, or a key of the keypad (ECMA-48, 5.4; SS3). */
const whole = new RegExp(`\\[\\[[A-E]|\\[[0-?]{0,${MOST}}[ -/]{0,${MOST}}[@-Z\\\\-~]|O[A-Za-z]`, 'y');

/** Behind an escape: the beginning of one, or nothing yet. */
const begun = new RegExp(`(?:\\[\\[?|\\[[0-?]{1,${MOST}}[ -/]{0,${MOST}}|O)?$`, 'y');

/** Keys by the final character of their sequence (xterm control sequences, "PC-Style Function Keys"). */
const byFinal: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'shift-tab',
  M: 'enter',
};

/** Keys by the number in front of a `~` (the same, and VT220). */
const byNumber: Readonly<Record<string, string>> = {
  1: 'home',
  3: 'backspace',
  4: 'end',
  5: 'pageUp',
  6: 'pageDown',
  7: 'home',
  8: 'end',
};

const byCharacter: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u{7f}': 'backspace',
};

/**
 * Cuts what a terminal sends into keys and what the mouse did, however it comes in pieces: several in one piece, or one
 * in several. Only an escape that nothing follows, or part of a sequence, has to wait for a pause.
 */
export class InputReader implements Disposable {
  readonly #take: (input: Input) => void;
  #rest = '';
  /** What was pasted so far; undefined while nothing is pasted. */
  #pasted: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(take: (input: Input) => void) {
    this.#take = take;
  }

  push(text: string): void {
    clearTimeout(this.#timer);
    this.#rest = this.#read(this.#rest + text);
    if (this.#pasted !== undefined) this.#timer = setTimeout(() => this.#endPaste(), PASTE_PAUSE);
    else if (this.#rest !== '') this.#timer = setTimeout(() => this.#giveUp(), PAUSE);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  /** Returns what is not complete yet. */
  #read(text: string): string {
    let at = 0;
    while (at < text.length) {
      if (this.#pasted !== undefined) {
        at = this.#readPaste(text, at);
        if (this.#pasted !== undefined) return '';
        continue;
      }
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      at += character.length;
      if (character !== ESCAPE) {
        this.#press(nameOf(character));
        continue;
      }
      const sequence = matchAt(whole, text, at);
      if (sequence === undefined && matchAt(begun, text, at) !== undefined) return text.slice(at - 1);
      if (sequence === undefined) this.#press('escape');
      else this.#takeSequence(sequence);
      at += sequence?.length ?? 0;
    }
    return '';
  }

  /** Reads on in pasted text, and returns where it ends. */
  #readPaste(text: string, at: number): number {
    const pasted = (this.#pasted ?? '') + text.slice(at);
    const end = pasted.indexOf(paste.end);
    if (end < 0) {
      // Its end may come in two pieces.
      this.#pasted =
        pasted.length > 2 * LONGEST_PASTE
          ? pasted.slice(0, LONGEST_PASTE) + pasted.slice(-paste.end.length)
          : pasted;
      return text.length;
    }
    this.#pasted = undefined;
    this.#take({ kind: 'paste', text: pasted.slice(0, Math.min(end, LONGEST_PASTE)) });
    return text.length - (pasted.length - end - paste.end.length);
  }

  #endPaste(): void {
    const text = this.#pasted ?? '';
    this.#pasted = undefined;
    this.#take({ kind: 'paste', text: text.slice(0, LONGEST_PASTE) });
  }

  /** An escape was a key, and so was a character after it; nobody types more than that in one piece. */
  #giveUp(): void {
    const characters = this.#rest;
    this.#rest = '';
    if (characters.length > 2) return;
    this.#press('escape');
    for (const character of characters.slice(1)) this.#press(nameOf(character));
  }

  #takeSequence(sequence: string): void {
    const mouse = parseMouse(sequence);
    const number = /^\[(\d+)(?:;\d+)?~$/.exec(sequence)?.[1];
    if (sequence === paste.start) this.#pasted = '';
    else if (mouse) this.#take(mouse);
    else if (number !== undefined) this.#press(byNumber[number]);
    else if (/^(?:O|\[(?:1;\d+)?)[A-Z]$/.test(sequence)) this.#press(byFinal[sequence.at(-1) ?? '']);
  }

  #press(name: string | undefined): void {
    if (name !== undefined) this.#take({ kind: 'key', name });
  }
}

/** Control characters are the keys that are held with ctrl; other characters are their own names. */
function nameOf(character: string): string | undefined {
  const named = byCharacter[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 1 && code <= 26) return `ctrl-${String.fromCodePoint(code + 0x60)}`;
  return code < 0x20 || (code >= 0x80 && code < 0xa0) ? undefined : character;
}

function matchAt(pattern: RegExp, text: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
}
