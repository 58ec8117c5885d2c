import { UsageError } from '@ubmsc/base';
import type { DeclareCommand } from '../../command-line/context.ts';

export const mqtt: DeclareCommand = (program, context) => {
  program
    .command('mqtt')
    .description('publish readings over MQTT until interrupted, with discovery for Home Assistant')
    .argument('[devices...]', 'addresses or names')
    .option('--remove', 'make the broker and Home Assistant forget them, or all that this host has published')
    .action(async (devices: readonly string[], own: { readonly remove?: true }) => {
      const isConfigured = (context.config()?.outputs.get('mqtt')?.length ?? 0) > 0;
      if (context.options().mqtt === undefined && !isConfigured) {
        throw new UsageError('no broker is given', 'add one, such as --mqtt mqtt://127.0.0.1');
      }
      if (own.remove) {
        const { removeFromBrokers } = await import('./remove.ts');
        context.exit(await removeFromBrokers(devices, context));
        return;
      }
      const { runOutputs } = await import('../export/run.ts');
      context.exit(await runOutputs(['mqtt'], devices, context));
    });
};
