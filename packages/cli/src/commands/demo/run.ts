import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulateBatteries } from '../../batteries/session.ts';
import type { CommandContext } from '../../command-line/context.ts';
import type { Options } from '../../command-line/options.ts';
import { announce } from '../../output.ts';
import { tui } from '../tui/run.ts';

const ADAPTER = 'sim:3';

/** Shows the batteries of the demo on the terminal, all of them under the load of this name where one is given. */
export async function demo(options: Options, load: string | undefined, signal: AbortSignal): Promise<number> {
  return await tui({ ...options, adapter: ADAPTER, simulate: simulateUnder(load) }, signal);
}

/** Shows them in the browser with a made-up month of history, which is removed at the end. */
export async function demoInBrowser(context: CommandContext, load: string | undefined): Promise<number> {
  const [{ runOutputs }, { writeMonth }] = await Promise.all([
    import('../export/run.ts'),
    import('./made-up-month.ts'),
  ]);
  const state = await mkdtemp(join(tmpdir(), 'ubmsc-demo-'));
  try {
    announce('making up a month of history …');
    await writeMonth(state, Date.now(), context.signal);
    const options = (): Options => ({ ...context.options(), adapter: ADAPTER, web: true, state });
    const ofDemo: CommandContext = {
      ...context,
      options,
      optionsWith: () => ({ ...options(), batteries: undefined }),
      config: () => undefined,
    };
    return await runOutputs(['history', 'listen'], [], ofDemo, simulateUnder(load));
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

const simulateUnder =
  (load: string | undefined): SimulateBatteries =>
  async (simulation) => {
    const [{ simulate: start }, { demoBatteries }] = await Promise.all([
      import('@ubmsc/simulator'),
      import('./batteries.ts'),
    ]);
    return await start({ ...simulation, each: demoBatteries(load) });
  };
