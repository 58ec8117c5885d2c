import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { UbmscError, UsageError, type MeasurementGroup } from '@ubmsc/protocol';
import { exitCodeOf, exitCodes, Interrupted } from './exit-codes.ts';
import { interruptSignal } from './interrupt.ts';
import { addOptions, type Options } from './options.ts';
import { complain, ignoreLostReaders } from './output.ts';
import { parseMoment } from './times.ts';

const examples = `Examples:
  ubmsc --adapter sim -i -c           what a simulated battery says
  ubmsc scan                          the batteries in range, as they are heard
  ubmsc -d JK_B2A20S20P -c -f json    a reading as JSON
  ubmsc settings                      how the batteries in range are set
  ubmsc events --since 2d             what they have written down since then
  ubmsc simulate --listen unix:/tmp/e.sock --batteries 3
  ubmsc decode --explain capture.txt  what the bytes of a capture mean
`;

const settingsHelp = `
With --diff the exit code does not depend on whether settings differ. A device
is found in the file by its address; one that is not in it is named on standard
error and not compared.

Examples:
  ubmsc settings -f json > before.json
  ubmsc settings --diff before.json
`;

const eventsHelp = `
Devices date events by the time that they have run, which stands still while
they are off: what happened before a device was last off, happened earlier than
is shown, by as long as it was off. Where that time is not known there is a ?;
such events are shown whatever --since says.

Examples:
  ubmsc events JK_B2A20S20P --since 2025-03-04
  ubmsc events -f json
`;

/** Runs the command line `argv` (without node and script) and returns the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  ignoreLostReaders();
  using interrupt = interruptSignal();
  const { signal } = interrupt;
  let exitCode: number = exitCodes.ok;
  const program = makeProgram(signal, (code) => (exitCode = code));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (error instanceof Interrupted) return error.exitCode;
    complain(error);
    if (!(error instanceof UbmscError) && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return exitCodeOf(error);
  }
}

/** What `--help` prints, for a terminal of 80 columns. */
export function helpText(): string {
  let text = '';
  const program = makeProgram(new AbortController().signal, () => {});
  program.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 });
  program.outputHelp();
  return text;
}

function makeProgram(signal: AbortSignal, exit: (code: number) => void): Command {
  const program = new Command('ubmsc')
    .description('Reads JK battery management systems over Bluetooth LE.')
    .version(process.env['UBMSC_VERSION'] ?? 'development', '-v, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`ubmsc: ${oneLine(text)}\n`) })
    .configureHelp({ showGlobalOptions: true })
    .allowExcessArguments()
    .addHelpText('before', examples);
  addOptions(program);

  /** The options with the devices that stand behind the command, too. */
  const optionsWith = (devices: readonly string[]): Options => {
    const options = program.opts<Options>();
    if (options.exporter || options.push) {
      const flag = options.exporter ? '--exporter' : '--push';
      throw new UsageError(
        `${flag} is not there yet`,
        'it comes with a later version; --format metrics prints metrics once',
      );
    }
    const asked = [...(options.devices ?? []), ...devices];
    return { ...options, devices: asked.length > 0 ? asked : undefined };
  };
  const readGroups = async (
    devices: readonly string[],
    groups: readonly MeasurementGroup[],
  ): Promise<void> => {
    const options = optionsWith(devices);
    const { read } = await import('./commands/read.ts');
    exit(await read(groups, options, signal));
  };

  program.action(async () => {
    const [unknown] = program.args;
    if (unknown !== undefined) {
      throw new UsageError(`no command is called ${JSON.stringify(unknown)}`, 'ubmsc --help lists them');
    }
    const { deviceInfo, cellData } = program.opts<Options>();
    const both = !deviceInfo && !cellData;
    const groups: MeasurementGroup[] = [];
    if (deviceInfo || both) groups.push('deviceInfo');
    if (cellData || both) groups.push('cellData');
    await readGroups([], groups);
  });
  program
    .command('scan')
    .description('list devices as they are heard')
    .option('--all', 'list devices that are no JK batteries, too')
    .action(async (own: { readonly all?: boolean }) => {
      const { scan } = await import('./commands/scan.ts');
      exit(await scan({ ...program.opts<Options>(), ...own }, signal));
    });
  program
    .command('info')
    .description('show device info, as -i')
    .argument('[devices...]', 'addresses or names')
    .action(async (devices: readonly string[]) => await readGroups(devices, ['deviceInfo']));
  program
    .command('read')
    .description('show cell data, as -c')
    .argument('[devices...]', 'addresses or names')
    .action(async (devices: readonly string[]) => await readGroups(devices, ['cellData']));
  program
    .command('settings')
    .description('show how devices are set')
    .argument('[devices...]', 'addresses or names')
    .option(
      '--diff <file>',
      'show only what differs from what settings -f json has printed earlier, - for standard input',
    )
    .addHelpText('after', settingsHelp)
    .action(async (devices: readonly string[], own: { readonly diff?: string }) => {
      const options = { ...optionsWith(devices), ...own };
      const { settings } = await import('./commands/settings.ts');
      exit(await settings(options, signal));
    });
  program
    .command('events')
    .description('show what devices have written down: alarms, switches, power-ons')
    .argument('[devices...]', 'addresses or names')
    .option(
      '--since <time>',
      'leave out what happened before: 2d, 12h, 2025-03-04 or 2025-03-04T05:06',
      (text) => parseMoment(text, Date.now()),
    )
    .addHelpText('after', eventsHelp)
    .action(async (devices: readonly string[], own: { readonly since?: number }) => {
      const options = { ...optionsWith(devices), ...own };
      const { events } = await import('./commands/events.ts');
      exit(await events(options, signal));
    });
  program
    .command('decode')
    .description('show what captured bytes mean: a binary file, hexadecimal text, a log')
    .argument('[file]', 'the capture, - for standard input', '-')
    .allowExcessArguments(false)
    .option('--explain', 'show of each field offset, formula, value and bytes')
    .option('--raw', 'show unknown and reserved fields, too')
    .action(async (file: string, own: { readonly explain?: boolean; readonly raw?: boolean }) => {
      const { decode } = await import('./commands/decode.ts');
      exit(await decode(file, { ...program.opts<Options>(), ...own }, signal));
    });
  program
    .command('simulate')
    .description('run simulated batteries until interrupted')
    .option('--listen <spec>', 'serve them on unix:/path or tcp:host:port')
    .option('--batteries <n>', 'how many', number({ from: 1, to: 99, whole: true }), 1)
    .option('--speed <factor>', 'how fast their time goes by', number({ from: 0.001, to: 86_400 }), 1)
    .option('--gatt <layout>', 'GATT layout: L1, L2 or L3', 'L2')
    .option('--model <model>', 'model and firmware', 'JK_BD4A8S4P')
    .option('--seed <n>', 'what makes them differ', number({ from: 0, to: 2 ** 32 - 1, whole: true }), 1)
    .option('--fault <name[=value]>', 'what goes wrong; repeatable', collect, [])
    .option('--list-faults', 'list what can go wrong')
    .action(
      async (own: {
        listen?: string;
        batteries: number;
        speed: number;
        gatt: string;
        model: string;
        seed: number;
        fault: readonly string[];
        listFaults?: true;
      }) => {
        const { simulate } = await import('./commands/simulate.ts');
        const adapter =
          program.getOptionValueSource('adapter') === 'default' ? undefined : program.opts<Options>().adapter;
        exit(await simulate({ ...own, listen: own.listen, adapter }, signal));
      },
    );
  return program;
}

/** For an option that may be given more than once. */
function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function number(range: {
  readonly from: number;
  readonly to: number;
  readonly whole?: true;
}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const fits = text.trim() !== '' && value >= range.from && value <= range.to;
    if (fits && (!range.whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(
      `It is not a ${range.whole ? 'whole ' : ''}number from ${range.from} to ${range.to}.`,
    );
  };
}

/** commander puts its suggestions on a line of their own. */
function oneLine(text: string): string {
  return text
    .trim()
    .replace(/^error: /, '')
    .replaceAll('\n', ' ');
}
