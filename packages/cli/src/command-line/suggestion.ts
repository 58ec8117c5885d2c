import { closest, distance } from 'fastest-levenshtein';

/** How many letters may be wrong, missing or too many. */
const MISTAKES = 3;

/** Asks whether a word is a mistyped one of others; undefined where it resembles none of them. */
export function suggestion(word: string, others: readonly string[]): string | undefined {
  if (others.length === 0) return undefined;
  const near = closest(word, [...others]);
  return distance(word, near) <= Math.min(MISTAKES, word.length / 2) ? `did you mean ${near}?` : undefined;
}
