import { exitCodes } from '../../exit-codes.ts';
import { serviceConfigFile, stateFolderOfService } from '../../installation/places.ts';
import type { DescribedCommand, DescribedOption } from './describe.ts';

/** What each exit code says. */
const exits = [
  [exitCodes.ok, 'done'],
  [exitCodes.bug, 'a bug of ubmsc; settings differ (--diff)'],
  [exitCodes.usage, 'a mistake in the command line or the configuration'],
  [exitCodes.adapter, 'adapter or permission'],
  [exitCodes.notFound, 'device not found'],
  [exitCodes.link, 'link lost, or no answer in time'],
  [exitCodes.unknownDevice, 'not a JK battery, or a layout that cannot be determined'],
  [exitCodes.stale, 'what it sends does not change'],
] as const;

const files = [
  ['~/.config/ubmsc/config.toml', 'configuration of a user'],
  [serviceConfigFile, 'configuration of the machine, read where the user has none'],
  ['~/.local/state/ubmsc', 'energy totals and history of a user; used where the folder exists'],
  [stateFolderOfService, 'energy totals and history of the service'],
] as const;

/** The manual page, in the language of man(7). */
export function manualPage(program: DescribedCommand, version: string): string {
  return [
    `.TH UBMSC 1 "" "ubmsc ${version}" "User Commands"`,
    '.SH NAME',
    `ubmsc \\- ${text('reads JK battery management systems over Bluetooth LE')}`,
    '.SH SYNOPSIS',
    '.B ubmsc',
    '[\\fIoptions\\fR] [\\fIcommand\\fR] [\\fIarguments\\fR]',
    '.SH DESCRIPTION',
    text(
      'Finds JiKong (JK) batteries and reads cell voltages, currents, temperatures and alarms, once or all the time. ' +
        'Without a command it reads the devices that -d names, or all that are found, once.',
    ),
    '.SH COMMANDS',
    ...program.commands.flatMap(manualOfCommand),
    '.SH OPTIONS',
    'Every command has these.',
    ...program.options.flatMap(manualOfOption),
    '.SH ENVIRONMENT',
    text('Settings such as --scan-timeout can stand in the environment, too, as UBMSC_SCAN_TIMEOUT.'),
    '.SH FILES',
    ...files.flatMap(([name, help]) => [`.TP\n.I ${text(name)}`, text(help)]),
    '.SH EXIT STATUS',
    ...exits.flatMap(([code, help]) => [`.TP\n.B ${code}`, text(help)]),
    '',
  ].join('\n');
}

function manualOfCommand({ path, summary, usage, options, commands }: DescribedCommand): readonly string[] {
  return [
    `.SS ubmsc ${text(path.join(' '))} ${text(usage)}`.trimEnd(),
    text(`${summary}.`),
    ...options.flatMap(manualOfOption),
    ...commands.flatMap(manualOfCommand),
  ];
}

function manualOfOption({ flags, help }: DescribedOption): readonly string[] {
  return [`.TP\n.B ${text(flags)}`, text(help)];
}

/** A hyphen that stands for itself is written \\-, and a line must not begin with a character of requests. */
function text(plain: string): string {
  return plain.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&');
}
