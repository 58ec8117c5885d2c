import type { Family } from '@ubmsc/exporter';
import { announce } from '../output.ts';
import { labelled, merged } from './families.ts';
import type { OutputName } from './index.ts';
import type { OutputContext, RunningOutput } from './output.ts';
import type { PlannedOutput } from './plan.ts';

/** The outputs of a daemon. */
export class RunningOutputs implements AsyncDisposable {
  readonly #running: { readonly name: OutputName; readonly output: RunningOutput }[] = [];

  /** Whether a reload changes anything of them. */
  get canReload(): boolean {
    return this.#running.some(({ output }) => output.reload !== undefined);
  }

  /** Starts outputs one after the other. When one cannot be started, it rejects; those before it run until disposal. */
  async start(planned: readonly PlannedOutput[], context: OutputContext): Promise<void> {
    for (const { name, start } of planned) {
      const output = await start(context);
      this.#running.push({ name, output });
      if (output.announcement !== undefined) announce(output.announcement);
    }
  }

  /** Metrics about the outputs. Those of several of one kind have a label more. */
  families(): readonly Family[] {
    return merged(
      this.#running.flatMap(({ name, output }) => {
        const families = output.families?.() ?? [];
        const isOne = this.#running.filter((other) => other.name === name).length === 1;
        return isOne ? families : families.map((family) => labelled(family, { target: output.target }));
      }),
    );
  }

  /** What is wrong with them, for people. */
  get problems(): readonly string[] {
    return this.#running.flatMap(({ output }) => output.problem?.() ?? []);
  }

  /** @throws {UsageError} files of an output are not valid; that output is as it was. */
  async reload(): Promise<void> {
    for (const { output } of this.#running) await output.reload?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { output } of this.#running.toReversed()) await output[Symbol.asyncDispose]();
  }
}
