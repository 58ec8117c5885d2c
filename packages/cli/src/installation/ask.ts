import { constants } from 'node:os';
import { createInterface } from 'node:readline/promises';
import process from 'node:process';
import { UsageError } from '@ubmsc/base';
import { Interrupted } from '../exit-codes.ts';

const unasked = '--dry-run shows what it would do, --yes does it without a question';

/** Where a person reads and types. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
}

/**
 * Asks a person on the terminal.
 *
 * @throws {UsageError} nobody can be asked, or there was no answer.
 */
async function ask(
  question: string,
  signal: AbortSignal,
  { stdin: input, stdout: output }: Terminal = process,
): Promise<string> {
  if (!input.isTTY) {
    throw new UsageError(
      'nothing was changed: this asks before it does, and standard input is not a terminal',
      unasked,
    );
  }
  const terminal = createInterface({ input, output });
  const left = new AbortController();
  // While a question is asked, Ctrl-C is a key like others.
  terminal.once('SIGINT', () => left.abort(new Interrupted(128 + constants.signals.SIGINT)));
  terminal.once('close', () =>
    left.abort(new UsageError('nothing was changed: there was no answer', unasked)),
  );
  try {
    return (await terminal.question(question, { signal: AbortSignal.any([signal, left.signal]) })).trim();
  } catch (error) {
    signal.throwIfAborted();
    left.signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
}

export async function confirm(question: string, signal: AbortSignal, terminal?: Terminal): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(`${question} [y/N] `, signal, terminal));
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
