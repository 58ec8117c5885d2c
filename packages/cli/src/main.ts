import { Command, CommanderError } from 'commander';
import { UbmscError, UsageError } from '@ubmsc/base';
import type { MeasurementGroup } from '@ubmsc/protocol';
import { applyConfig, readConfig } from './command-line/configure.ts';
import { applyFlags, strangers } from './command-line/environment.ts';
import { runExporter } from './commands/export/command.ts';
import { configureHelp, pointToOtherOptions } from './command-line/help/configure-help.ts';
import { commandGroups, commandNames } from './commands/index.ts';
import { runPush } from './commands/push/command.ts';
import type { BatteriesOptions, CommandContext } from './command-line/context.ts';
import { addOptions, type Options } from './command-line/options.ts';
import { wantedBanks } from './config/banks.ts';
import type { WantedBattery } from '@ubmsc/client';
import { wantedBatteries } from './config/batteries.ts';
import type { Config } from './config/load.ts';
import { useLogFormat } from './log-format.ts';
import { exitCodeOf, exitCodes, Interrupted } from './exit-codes.ts';
import { interruptSignal, type Interrupt } from './interrupt.ts';
import { complain, onLostReader, print } from './output.ts';
import { platformText, version } from './version.ts';
import { hideSecrets } from './command-line/url-secrets.ts';

/** That of a plugin of Nagios which cannot tell how what it checks is. */
const CHECK_FAILED = 3;

/** Runs the command line `argv` (without node and script) and returns the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  hideSecrets(argv);
  using interrupt = interruptSignal();
  onLostReader(() => interrupt.end(exitCodes.ok));
  let exitCode: number = exitCodes.ok;
  let help = '';
  const program = makeProgram(
    neededFor(argv),
    interrupt,
    (code) => (exitCode = code),
    (text) => (help += text),
  );
  // Nagios would take our exit codes for a state of the battery.
  const isCheck = argv.find((word) => commandNames.includes(word)) === 'check';
  const failed = (code: number): number => (isCheck ? CHECK_FAILED : code);
  try {
    await program.parseAsync(argv, { from: 'user' }).catch(async (error: unknown) => {
      if (!(error instanceof CommanderError)) throw error;
      if (error.code === 'commander.version') help += await platformFor(argv);
      exitCode = error.exitCode === 0 ? exitCodes.ok : failed(exitCodes.usage);
    });
    if (help !== '') await print(help);
    // What failed beside the work, as a capture, has set that of the process.
    const { exitCode: besides } = process;
    return exitCode === exitCodes.ok && besides !== undefined ? failed(Number(besides)) : exitCode;
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    complain(error);
    if (!(error instanceof UbmscError) && !(error instanceof AggregateError) && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
    return failed(exitCodeOf(error));
  }
}

/** What `--help` prints, for a terminal of 80 columns. */
export function helpText(): string {
  let text = '';
  using interrupt = interruptSignal();
  const program = makeProgram(
    commandNames,
    interrupt,
    () => {},
    (part) => (text += part),
  );
  program.configureOutput({ getOutHelpWidth: () => 80 });
  program.outputHelp();
  return text;
}

/** Words with which a run tells of any command, or runs another one. */
const ofOthers = ['help', '--help', '-h', 'completion', 'generate', 'replay'];

/** The commands that are to be declared. All of them would take a tenth of the time until a screen stands. */
function neededFor(argv: readonly string[]): readonly string[] {
  const named = commandNames.filter((name) => argv.includes(name));
  return named.length === 0 || ofOthers.some((word) => argv.includes(word)) ? commandNames : named;
}

/** What somebody who looks for a fault wants to know besides the version: with `-l debug`, wherever that stands. */
async function platformFor(argv: readonly string[]): Promise<string> {
  const log = `${argv.join(' ')} ${process.env['UBMSC_LOG'] ?? ''}`;
  return /\b(debug|trace)\b/.test(log) ? await platformText() : '';
}

function makeProgram(
  names: readonly string[],
  { signal, onHangup }: Interrupt,
  exit: (code: number) => void,
  writeHelp: (text: string) => void,
): Command {
  const program = new Command('ubmsc')
    .description('Reads JK battery management systems over Bluetooth LE.')
    .version(version, '-v, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({
      writeOut: writeHelp,
      outputError: (text, write) => write(`ubmsc: ${oneLine(text)}${choicesOf(text, program.commands)}\n`),
    })
    .allowExcessArguments();
  configureHelp(program);
  addOptions(program);
  let config: Config | undefined;
  const use = (read: Config | undefined): void => {
    config = read;
    applyConfig(program, config);
  };
  const reload = async (apply: () => Promise<void>): Promise<void> => {
    const before = config;
    use(await readConfig(program, signal, before));
    try {
      await apply();
    } catch (error) {
      use(before);
      throw error;
    }
  };
  program.hook('preAction', async (_, command) => {
    const { exporter, push, deviceInfo, cellData } = program.opts<Options>();
    const name = command.name();
    const misplaced = [
      ...(deviceInfo && !['ubmsc', 'decode'].includes(name) ? ['--device-info'] : []),
      ...(cellData && !['ubmsc', 'decode'].includes(name) ? ['--cell-data'] : []),
      ...(exporter && !['ubmsc', 'export'].includes(name) ? ['--exporter'] : []),
      ...(push && !['ubmsc', 'export', 'push'].includes(name) ? ['--push'] : []),
    ];
    for (const option of misplaced) {
      throw new UsageError(`${option} does not go with ${name}`, 'leave one of them out');
    }
    // What explains the command, shows the service or removes it works also where the configuration is not valid.
    if (['help', 'completion', 'status', 'uninstall'].includes(name)) return;
    useLogFormat(program.opts<Options>().logFormat);
    applyFlags(program, process.env);
    for (const stranger of await strangers(process.env)) complain(stranger);
    use(await readConfig(program, signal));
    useLogFormat(program.opts<Options>().logFormat);
    if (!program.opts<Options>().checkConfig || !config) return;
    const { labelsOf } = await import('./outputs/labels.ts');
    labelsOf('--label', [], config.labels);
    await print(`${config.file} is valid\n`);
    throw new CommanderError(exitCodes.ok, 'ubmsc.checkConfig', '');
  });
  const context = makeContext(program, { signal, exit, onHangup, reload, config: () => config });
  program.action(async () => {
    const [unknown] = program.args;
    if (unknown !== undefined) {
      const { suggestion } = await import('./command-line/suggestion.ts');
      const hint = suggestion(unknown, commandNames) ?? 'ubmsc help lists them';
      throw new UsageError(`no command is called ${JSON.stringify(unknown)}`, hint);
    }
    const { exporter, push, deviceInfo, cellData } = program.opts<Options>();
    const shown = deviceInfo ? '--device-info' : cellData ? '--cell-data' : undefined;
    if (push && !exporter && shown !== undefined)
      throw new UsageError(`${shown} does not go with --push`, 'leave one of them out');
    if (exporter) {
      await runExporter([], context);
      return;
    }
    const isTextfile = program.getOptionValueSource('textfile') === 'cli';
    if (push || isTextfile) {
      await runPush([], push ?? false, context);
      return;
    }
    const both = !deviceInfo && !cellData;
    const groups: MeasurementGroup[] = [];
    if (deviceInfo || both) groups.push('deviceInfo');
    if (cellData || both) groups.push('cellData');
    await context.read([], groups);
  });
  declareCommands(program, context, names);
  return program;
}

function declareCommands(program: Command, context: CommandContext, names: readonly string[]): void {
  for (const [title, group] of Object.entries(commandGroups)) {
    program.commandsGroup(title);
    for (const [name, declare] of Object.entries(group)) if (names.includes(name)) declare(program, context);
  }
  for (const command of program.commands) command.allowExcessArguments(false);
  pointToOtherOptions(program);
}

function makeContext(
  program: Command,
  own: Pick<CommandContext, 'signal' | 'exit' | 'onHangup' | 'reload' | 'config'>,
): CommandContext {
  const options = (): Options => program.opts<Options>();
  const optionsWith = (devices: readonly string[]): BatteriesOptions => {
    const given = options();
    const { onDemand = [] } = given;
    const wanted = (asked: readonly string[]): readonly WantedBattery[] | undefined =>
      wantedBatteries({
        asked,
        configured: own.config()?.batteries ?? [],
        adapter: given.adapter,
        adapterGiven: ['cli', 'env'].includes(program.getOptionValueSource('adapter') ?? ''),
      });
    const banks = wantedBanks(given, own.config()?.banks ?? []);
    const asked = [...(given.devices ?? []), ...devices];
    const configured = own.config()?.batteries ?? [];
    const ofBanks = configured.length === 0 ? banks.flatMap(({ members }) => members) : [];
    return {
      ...given,
      banks,
      batteries: wanted(asked.length === 0 ? ofBanks : asked),
      onDemandBatteries: onDemand.length > 0 ? (wanted(onDemand) ?? []) : [],
    };
  };
  return {
    ...own,
    options,
    optionsWith,
    refuseIdle: (names, hint) => {
      for (const name of names) {
        if (program.getOptionValueSource(name) !== 'cli') continue;
        const option = program.options.find((each) => each.attributeName() === name);
        throw new UsageError(`${option?.long ?? name} does nothing here`, hint);
      }
    },
    isGiven: (name) => ![undefined, 'default'].includes(program.getOptionValueSource(name)),
    runOn: async (adapter, name, args) => {
      const command = program.commands.find((each) => each.name() === name && name !== 'replay');
      if (!command)
        throw new UsageError(
          `a recording cannot be played into ${JSON.stringify(name)}`,
          'ubmsc --help lists the commands',
        );
      program.setOptionValueWithSource('adapter', adapter, 'cli');
      await command.parseAsync(args, { from: 'user' });
    },
    read: async (devices, groups) => {
      const given = optionsWith(devices);
      const { read } = await import('./commands/read/run.ts');
      own.exit(await read(groups, given, own.signal));
    },
  };
}

/** commander puts its suggestions on a line of their own. */
function oneLine(text: string): string {
  return text
    .trim()
    .replace(/^error: /, '')
    .replaceAll('\n', ' ');
}

/** The words that an argument can be, for commander's sentence about one that is missing. */
function choicesOf(text: string, commands: readonly Command[]): string {
  const name = /missing required argument '(.*)'/.exec(text)?.[1];
  const all = commands.flatMap(({ registeredArguments }) => registeredArguments);
  const { argChoices = [] } = all.find((each) => each.name() === name && each.argChoices) ?? {};
  return argChoices.length === 0 ? '' : `; give ${argChoices.join(', ')}`;
}
