import { print } from '../output.ts';
import { confirm } from './ask.ts';

/** One change of the system. */
export interface Step {
  /** What it does and why, as an imperative sentence without a full stop. */
  readonly title: string;
  /** What is run or written, for those who want to see it before. */
  readonly detail?: string | undefined;
  readonly run: () => Promise<unknown>;
}

export interface StepOptions {
  readonly dryRun?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly signal: AbortSignal;
}

/**
 * Explains the steps, asks, and does them. Returns whether they were done.
 *
 * @throws {UsageError} nobody can be asked.
 */
export async function doSteps(
  steps: readonly Step[],
  { dryRun, yes, signal }: StepOptions,
): Promise<boolean> {
  if (steps.length === 0) {
    await print('There is nothing to do.\n');
    return false;
  }
  await print(`\n${dryRun ? 'This would be done' : 'This will be done'}:\n${steps.map(explain).join('')}\n`);
  if (dryRun) {
    await print('Nothing was changed.\n');
    return false;
  }
  if (!yes && !(await confirm('Do it?', signal))) {
    await print('Nothing was changed.\n');
    return false;
  }
  for (const { title, run } of steps) {
    await print(`${title} … `);
    await run();
    await print('done\n');
  }
  return true;
}

function explain({ title, detail }: Step, index: number): string {
  const lines = detail === undefined ? [] : detail.trimEnd().split('\n');
  return [`  ${index + 1}. ${title}`, ...lines.map((line) => `       ${line}`.trimEnd())].join('\n') + '\n';
}
