import { Help, type Command, type Option } from 'commander';
import { firstHelp } from './first-help.ts';

const examples = `Examples:
  ubmsc --adapter sim -i -c           one reading of a simulated battery
  ubmsc demo                          three simulated batteries on the terminal
  ubmsc scan                          the batteries in range, as they are found
  ubmsc doctor                        what prevents reading one, and what to do
  ubmsc tui                           all of them on the terminal
  ubmsc -d JK_B2A20S20P -c -f json    a reading as JSON
  ubmsc watch -f json                 readings as they come
  ubmsc export                        metrics for Prometheus
  ubmsc settings                      the settings of the batteries in range
  ubmsc events --since 2d             what they have logged since then
  ubmsc simulate --listen unix:/tmp/e.sock --batteries 3
  ubmsc decode --explain capture.txt  what the bytes of a capture mean
  ubmsc record -o van.jsonl           what goes over the link, until interrupted
  ubmsc replay van.jsonl --to tui     the same again

`;

const settingsHelp = `
Settings such as --scan-timeout can stand in the environment, too, as
UBMSC_SCAN_TIMEOUT, and in the configuration file, as scan-timeout.
`;

const pointer = `
Options of every command, such as -d, -f and --adapter: ubmsc help --all`;

/** To be called before commands are declared, which inherit some of it. */
export function configureHelp(program: Command): void {
  program.helpCommand(false).configureHelp({ optionDescription, showGlobalOptions: false });
  program.helpInformation = () => firstHelp(program);
}

/** To be called when all commands are declared: the help of each has its own options and points to the others. */
export function pointToOtherOptions(command: Command): void {
  for (const each of command.commands) {
    each.addHelpText('after', pointer);
    pointToOtherOptions(each);
  }
}

/** What `ubmsc help --all` prints: every command, and the options that they share. */
export function wholeHelp(program: Command): string {
  const helper = program.createHelp();
  helper.prepareContext({ helpWidth: 80 });
  return `${examples}${helper.formatHelp(program, helper)}${settingsHelp}`;
}

/** Without the names of variables, since the help says once how they are made, and without the brackets of lists. */
function optionDescription(option: Option): string {
  return new Help()
    .optionDescription(option)
    .replace(/ \(env: \w+\)|, env: \w+/, '')
    .replace(/ \(default: \[\]\)/, '')
    .replace(/default: \["(.*)"\]/, 'default: $1');
}
