import type { DeclareCommand } from './context.ts';
import { collect, number } from './values.ts';

export const simulate: DeclareCommand = (program, { options, isGiven, exit, signal }) => {
  program
    .command('simulate')
    .description('run simulated batteries until interrupted')
    .option('--listen <spec>', 'serve them on unix:/path or tcp:host:port')
    .option('--batteries <n>', 'how many', number({ from: 1, to: 99, whole: true }), 1)
    .option('--speed <factor>', 'how fast their time goes by', number({ from: 0.001, to: 86_400 }), 1)
    .option('--gatt <layout>', 'GATT layout: L1 to L5; that of the model when left out')
    .option('--model <model>', 'model and firmware', 'JK_BD4A8S4P')
    .option('--seed <n>', 'what makes them differ', number({ from: 0, to: 2 ** 32 - 1, whole: true }), 1)
    .option('--fault <name[=value]>', 'what goes wrong; repeatable', collect, [])
    .option('--list-faults', 'list what can go wrong')
    .action(
      async (own: {
        listen?: string;
        batteries: number;
        speed: number;
        gatt?: string;
        model: string;
        seed: number;
        fault: readonly string[];
        listFaults?: true;
      }) => {
        const command = await import('../commands/simulate.ts');
        const adapter = isGiven('adapter') ? options().adapter : undefined;
        exit(await command.simulate({ ...own, listen: own.listen, gatt: own.gatt, adapter }, signal));
      },
    );
};
