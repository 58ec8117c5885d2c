import { UsageError } from '@ubmsc/base';

/** More than any configuration has: of tables and arrays in one another, parts and characters of a key, digits of a number. */
const MOST = { depth: 32, parts: 16, key: 256, digits: 64 };

/** Strings of all four kinds, and comments. What is not closed ends with the line or the text. */
const QUOTED = /"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?|#[^\n]*/g;

/**
 * Refuses what would take a parser of TOML minutes or all of its stack, before it is parsed.
 * @throws {UsageError} with the line.
 */
export function limitToml(text: string): void {
  // Strings become as many letters as they have characters, with a letter that is not a digit: only keys are limited.
  const bare = text.replace(QUOTED, (quoted, at: number) => {
    if (quoted.startsWith('#')) return '';
    const isKey = /^\s*[.=]/.test(text.slice(at + quoted.length, at + quoted.length + 64));
    const lines = quoted.replace(/[^\n]/g, '');
    return isKey ? 'k'.repeat(Math.min(quoted.length, MOST.key + 1)) + lines : `s${lines}`;
  });
  let depth = 0;
  for (const [index, line] of bare.split('\n').entries()) {
    for (const sign of line) {
      if (sign === '[' || sign === '{') depth++;
      else if (sign === ']' || sign === '}') depth = Math.max(0, depth - 1);
      if (depth > MOST.depth) throw tooMuch(index, `it is nested more than ${MOST.depth} deep`);
    }
    for (const [token] of line.matchAll(/[\w.+-]+(?:\s*\.\s*[\w.+-]+)*/g)) {
      if (token.split('.').length > MOST.parts)
        throw tooMuch(index, `a key has more than ${MOST.parts} parts`);
      for (const part of token.split('.')) {
        if (/^[\d_+xbo-]+$/i.test(part) && part.length > MOST.digits)
          throw tooMuch(index, `a number has more than ${MOST.digits} digits`);
        if (part.length > MOST.key) throw tooMuch(index, `a key is longer than ${MOST.key} characters`);
      }
    }
  }
}

function tooMuch(index: number, what: string): UsageError {
  return new UsageError(`${index + 1}:1: ${what}`, 'a configuration needs far less: see docs/service.md');
}
