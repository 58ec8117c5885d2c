import { grafanaDashboard, prometheusRules, type MonitoringOptions } from '@ubmsc/exporter';
import type { Command } from 'commander';
import { describe } from '../../command-line/help/describe.ts';
import { manualPage } from '../../command-line/help/manual.ts';
import { exitCodes } from '../../exit-codes.ts';
import { installedProgram } from '../../installation/program.ts';
import { unitText } from '../../installation/unit.ts';
import { print } from '../../output.ts';
import { version } from '../../version.ts';
import type { GeneratedDocument } from './documents.ts';

/** Prints what watches the metrics of the exporter, or what the system wants to have of this program. */
export async function generate(
  what: GeneratedDocument,
  program: Command,
  options: MonitoringOptions,
): Promise<number> {
  const documents: Readonly<Record<GeneratedDocument, () => string | Promise<string>>> = {
    rules: () => prometheusRules(options),
    dashboard: () => grafanaDashboard(options),
    unit: async () => unitText((await installedProgram()).command),
    man: () => manualPage(describe(program), version),
  };
  await print(await documents[what]());
  return exitCodes.ok;
}
