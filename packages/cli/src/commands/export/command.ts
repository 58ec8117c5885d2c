import type { CommandContext, DeclareCommand } from '../../command-line/context.ts';

/** Runs the exporter, as `--exporter` and `export` do: every output that is asked for. */
export async function runExporter(devices: readonly string[], context: CommandContext): Promise<void> {
  const [{ runOutputs }, { outputNames }] = await Promise.all([
    import('./run.ts'),
    import('../../outputs/index.ts'),
  ]);
  context.exit(await runOutputs(outputNames, devices, context));
}

export const exporter: DeclareCommand = (program, context) => {
  program
    .command('export')
    .description('serve metrics for Prometheus until interrupted, as -e')
    .argument('[devices...]', 'addresses or names')
    .action(async (devices: readonly string[]) => await runExporter(devices, context));
};
