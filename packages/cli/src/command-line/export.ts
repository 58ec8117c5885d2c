import type { CommandContext, DeclareCommand } from './context.ts';

/** Runs the exporter, as `--exporter` and `export` do. */
export async function runExporter(devices: readonly string[], context: CommandContext): Promise<void> {
  const { runExport } = await import('../commands/export.ts');
  context.exit(await runExport(devices, context));
}

export const exporter: DeclareCommand = (program, context) => {
  program
    .command('export')
    .description('serve metrics for Prometheus until interrupted, as -e')
    .argument('[devices...]', 'addresses or names')
    .action(async (devices: readonly string[]) => await runExporter(devices, context));
};
