import { createInterface } from 'node:readline/promises';
import process from 'node:process';
import { UsageError } from '@ubmsc/base';

/** Asks a person on the terminal. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError(
      'nothing was changed: this asks before it does, and standard input is not a terminal',
      '--dry-run shows what it would do, --yes does it without a question',
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question, { signal })).trim();
  } finally {
    terminal.close();
  }
}

export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(`${question} [y/N] `, signal));
}

/** Asks which of several; all of them when nothing is answered. */
export async function chooseAmong<T>(items: readonly T[], signal: AbortSignal): Promise<readonly T[]> {
  for (;;) {
    const chosen = parseChoice(
      await ask('Which of them? Numbers with commas between them, or all [all]: ', signal),
      items,
    );
    if (chosen) return chosen;
    process.stdout.write(`Numbers are 1 to ${items.length}.\n`);
  }
}

/** The items whose numbers, from 1, a text has; undefined when it has something else. */
export function parseChoice<T>(text: string, items: readonly T[]): readonly T[] | undefined {
  if (text === '' || text.toLowerCase() === 'all') return items;
  const numbers = text.split(/[\s,]+/).filter((part) => part !== '');
  const chosen = numbers.map((part) => (/^\d+$/.test(part) ? items[Number(part) - 1] : undefined));
  if (chosen.length === 0 || chosen.includes(undefined)) return undefined;
  return items.filter((item) => chosen.includes(item));
}
