import type { Command } from 'commander';

/** Options that nearly everybody needs, in a few words. */
const common: Readonly<Record<string, string>> = {
  devices: 'one battery, by name or address (default: all)',
  format: 'text, json, yaml, toml, metrics and others',
  adapter: 'sim is a simulated battery (default: auto)',
};

const examples = `Examples:
  ubmsc demo                        three simulated batteries on the terminal
  ubmsc doctor                      what prevents reading one, and what to do
  ubmsc scan                        the batteries in range
  ubmsc tui                         all of them on the terminal
  ubmsc -d JK_B2A20S20P -c -f json  a reading as JSON
  sudo ubmsc service install        keep reading them, from every start on
`;

/** What `ubmsc` and `ubmsc --help` print. It fits a terminal of 80×24. */
export function firstHelp(program: Command): string {
  const groups = new Map<string, string[]>();
  for (const command of program.commands) {
    const group = command.helpGroup();
    groups.set(group, [...(groups.get(group) ?? []), command.name()]);
  }
  const commands = [...groups].map(([title, names]) => `  ${title.padEnd(12)}${names.join(' ')}`);
  const options = program.options.flatMap((option) => {
    const help = common[option.attributeName()];
    return help === undefined ? [] : [`  ${option.flags.padEnd(24)}  ${help}`];
  });
  return `${program.description()}

${examples}
Commands:
${commands.join('\n')}

Options:
${options.join('\n')}

ubmsc help COMMAND explains a command; ubmsc help --all lists shared options.
`;
}
