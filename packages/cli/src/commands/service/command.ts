import type { DeclareCommand } from '../../command-line/context.ts';
import { serviceConfigFile, stateFolderOfService } from '../../installation/places.ts';

const help = `
It runs ubmsc export as a user of its own, from every start of the machine on.
Configuration: ${serviceConfigFile}. Energy totals, history: ${stateFolderOfService}.
Settings that are given with install go into a configuration that it writes.

Examples:
  ubmsc service install --dry-run  what it would do; changes nothing
  sudo ubmsc service install
  sudo ubmsc service install --adapter sim:2 --yes
  ubmsc service status
  sudo ubmsc service uninstall     keeps configuration, history and the user`;

interface Own {
  readonly dryRun?: true;
  readonly yes?: true;
}

export const service: DeclareCommand = (program, context) => {
  const command = program
    .command('service')
    .description('install, look at and remove the service that reads batteries all the time')
    .addHelpText('after', help);
  command
    .command('install')
    .description('find the batteries and let systemd read them; explains each step and asks first')
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('--yes', 'do it without asking: all batteries that are found')
    .action(async (own: Own) => {
      const { installService } = await import('./install.ts');
      context.exit(await installService(own, context));
    });
  command
    .command('status')
    .description('show whether it is installed and runs; the exit code is 0 while it runs, 3 otherwise')
    .action(async () => {
      const { serviceStatus } = await import('./status.ts');
      context.exit(await serviceStatus(context.signal));
    });
  command
    .command('uninstall')
    .description('stop it and remove its unit; configuration, history and user stay')
    .option('--purge', 'remove these, too')
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('--yes', 'do it without asking')
    .action(async (own: Own & { readonly purge?: true }) => {
      const { uninstallService } = await import('./uninstall.ts');
      context.exit(await uninstallService(own, context.signal));
    });
};
