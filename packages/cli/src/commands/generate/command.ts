import { batteryTypes } from '@ubmsc/protocol';
import { Argument, Option } from 'commander';
import type { DeclareCommand } from '../../command-line/context.ts';
import { documents, type GeneratedDocument } from './documents.ts';

const help = `
Examples:
  ubmsc generate rules > /etc/prometheus/ubmsc.rules.yml
  ubmsc generate rules --chemistry Li-ion --metric-prefix ubmsc_
  ubmsc generate dashboard > ubmsc.json
  ubmsc generate unit          for systemd; ubmsc service install does all
  ubmsc generate man | man -l -`;

export const generate: DeclareCommand = (program, { options, exit }) => {
  program
    .command('generate')
    .description(
      'print alert rules for Prometheus, a dashboard for Grafana, a unit for systemd, the manual page',
    )
    .addArgument(new Argument('<what>', 'what to print').choices(documents))
    .addOption(
      new Option('--chemistry <name>', 'what cells the batteries have').choices(batteryTypes).default('LFP'),
    )
    .addHelpText('after', help)
    .action(async (what: GeneratedDocument, own: { readonly chemistry: (typeof batteryTypes)[number] }) => {
      const command = await import('./run.ts');
      exit(await command.generate(what, program, { prefix: options().metricPrefix, ...own }));
    });
};
