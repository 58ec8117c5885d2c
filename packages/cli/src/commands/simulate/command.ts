import type { DeclareCommand } from '../../command-line/context.ts';
import { collect, duration, number } from '../../command-line/values.ts';

export const simulate: DeclareCommand = (program, { options, isGiven, exit, signal }) => {
  program
    .command('simulate')
    .description('run simulated batteries until interrupted')
    .option('--listen <spec>', 'serve them on unix:/path or tcp:host:port; --adapter joins others there')
    .option('--replay <file>', 'a recording instead of a modelled battery; repeatable', collect, [])
    .option('--loop', 'go on with its first cell data when a recording is over')
    .option('--from <time>', 'where in a recording to begin: 90s, 10m', duration)
    .option('--to <time>', 'where in a recording to end', duration)
    .option('--batteries <n>', 'how many', number({ from: 1, to: 99, whole: true }), 1)
    .option('--speed <factor>', 'how fast their time goes by', number({ from: 0.001, to: 86_400 }), 1)
    .option('--gatt <layout>', 'GATT layout: L1 to L6; that of the model when left out')
    .option('--model <model>', 'model and firmware', 'JK_BD4A8S4P')
    .option('--seed <n>', 'what makes them differ', number({ from: 0, to: 2 ** 32 - 1, whole: true }), 1)
    .option('--load <name>', 'what charger and consumers do; a day in a house when left out')
    .option('--list-loads', 'list what charger and consumers can do')
    .option('--fault <name[=value]>', 'what goes wrong; repeatable', collect, [])
    .option('--fault-for <time>', 'then all goes well again: 30s, 10m', duration)
    .option('--report <file>', 'write what became of them, as JSON, at the end; - is standard output')
    .option('--list-faults', 'list what can go wrong')
    .action(
      async (own: {
        listen?: string;
        replay: readonly string[];
        loop?: true;
        from?: number;
        to?: number;
        batteries: number;
        speed: number;
        gatt?: string;
        model: string;
        seed: number;
        load?: string;
        listLoads?: true;
        fault: readonly string[];
        faultFor?: number;
        report?: string;
        listFaults?: true;
      }) => {
        const command = await import('./run.ts');
        const adapter = isGiven('adapter') ? options().adapter : undefined;
        exit(await command.simulate({ ...own, adapter, capture: options() }, signal));
      },
    );
};
