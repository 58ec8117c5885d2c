import { batteryTypes } from '@ubmsc/protocol';
import { Argument, Option } from 'commander';
import type { DeclareCommand } from '../../command-line/context.ts';

const help = `
Examples:
  ubmsc generate rules > /etc/prometheus/ubmsc.rules.yml
  ubmsc generate rules --chemistry Li-ion --metric-prefix ubmsc_
  ubmsc generate dashboard > ubmsc.json
`;

export const generate: DeclareCommand = (program, { options, exit }) => {
  program
    .command('generate')
    .description('print alert rules for Prometheus, or a dashboard for Grafana')
    .addArgument(new Argument('<what>', 'what to print').choices(['rules', 'dashboard']))
    .addOption(
      new Option('--chemistry <name>', 'what cells the batteries have').choices(batteryTypes).default('LFP'),
    )
    .addHelpText('after', help)
    .action(
      async (what: 'rules' | 'dashboard', own: { readonly chemistry: (typeof batteryTypes)[number] }) => {
        const command = await import('./run.ts');
        exit(await command.generate(what, { prefix: options().metricPrefix, ...own }));
      },
    );
};
