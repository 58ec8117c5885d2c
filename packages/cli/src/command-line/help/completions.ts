import type { DescribedCommand, DescribedOption, DescribedValue } from './describe.ts';

/** Shells for which there are completions, each with what makes its script. */
export const shells = { bash, zsh, fish } as const satisfies Readonly<
  Record<string, (program: DescribedCommand) => string>
>;

export type Shell = keyof typeof shells;

/** Every command, those of commands after them. */
function everyCommand({ commands }: DescribedCommand): readonly DescribedCommand[] {
  return commands.flatMap((each) => [each, ...everyCommand(each)]);
}

function namesOf(options: readonly DescribedOption[]): readonly string[] {
  return options.flatMap(({ short, long }) => (short === undefined ? [long] : [short, long]));
}

function bash(program: DescribedCommand): string {
  const cases = everyCommand(program).map((command) => {
    const words = [...command.commands.map(({ path }) => path.at(-1)), ...command.argument.choices];
    const own = namesOf(command.options).join(' ');
    return `    '${command.path.join(' ')}') words='${words.join(' ')}' options='${own}' paths=${command.argument.isPath ? 1 : ''} ;;`;
  });
  const valued = [program, ...everyCommand(program)]
    .flatMap(({ options }) => options)
    .filter(({ value }) => value);
  const flags = new Map(valued.map((option) => [option.long, option]));
  const values = [...flags.values()].map(({ short, long, value }) => {
    const pattern = short === undefined ? long : `${short}|${long}`;
    return `    ${pattern}) ${bashValue(value)}; return ;;`;
  });
  const nested = program.commands.filter(({ commands }) => commands.length > 0).map(({ path }) => path[0]);
  return `# Completion of ubmsc for bash. Try it: source <(ubmsc completion bash)
_ubmsc() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  # bash takes an option with its value, --format=json, for three words.
  [[ $current == = ]] && current=''
  [[ $previous == = ]] && previous=\${COMP_WORDS[COMP_CWORD-2]}
  local command='' words='${program.commands.map(({ path }) => path[0]).join(' ')}' options='' paths='' index word
  case $previous in
${values.join('\n')}
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ -z $command && " $words " == *" $word "* ]]; then command=$word
    elif [[ " ${nested.join(' ')} " == *" $command "* && -n $command && $word != -* ]]; then command="$command $word"; fi
  done
  [[ -n $command ]] && words=''
  case $command in
${cases.join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options ${namesOf(program.options).join(' ')} --help" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    [[ -n $paths ]] && { compopt -o filenames; COMPREPLY+=($(compgen -f -- "$current")); }
  fi
}
complete -F _ubmsc ubmsc
`;
}

function bashValue(value: DescribedValue | undefined): string {
  if (value?.isPath) return 'compopt -o filenames; COMPREPLY=($(compgen -f -- "$current"))';
  return `COMPREPLY=($(compgen -W '${value?.choices.join(' ') ?? ''}' -- "$current"))`;
}

function zsh(program: DescribedCommand): string {
  const functions = everyCommand(program).map((command) => {
    const words = [...command.commands.map(({ path }) => path.at(-1) ?? ''), ...command.argument.choices];
    const rest = words.length > 0 ? `(${words.join(' ')})` : command.argument.isPath ? '_files' : ' ';
    return `  '${command.path.join(' ')}') own=(${command.options.map(zshOption).join(' ')}) rest='${rest}' ;;`;
  });
  return `#compdef ubmsc
# Completion of ubmsc for zsh. Put it into a folder of $fpath as _ubmsc.
_ubmsc() {
  local -a commands global own
  local command='' rest=' ' word
  commands=(${program.commands.map(({ path, summary }) => quote(`${path.join(' ')}:${summary}`)).join(' ')})
  global=(${program.options.map(zshOption).join(' ')} '--help[show help]')
  for word in \${words[2,CURRENT-1]}; do
    if [[ -z $command && -n \${(M)commands:#$word:*} ]]; then command=$word
${nestedWords(program)}
    fi
  done
  case $command in
${functions.join('\n')}
  esac
  if [[ -z $command ]]; then
    _arguments -S $global '1:command:->command' '*: : '
    [[ $state == command ]] && _describe command commands
  else
    _arguments -S $global $own "*:argument:$rest"
  fi
}
_ubmsc "$@"
`;
}

/** Commands that have commands of their own: `history verify`. */
function nestedWords(program: DescribedCommand): string {
  return program.commands
    .filter(({ commands }) => commands.length > 0)
    .map(({ path: [name], commands }) => {
      const words = commands.map(({ path }) => path.at(-1)).join('|');
      return `    elif [[ $command == ${name} && $word == (${words}) ]]; then command="${name} $word"`;
    })
    .join('\n');
}

function zshOption({ short, long, help, value }: DescribedOption): string {
  const described = help.replace(/[[\]:]/g, ' ');
  const taken = value === undefined ? '' : `:value:${zshValue(value)}`;
  const forms = short === undefined ? [long] : [short, long];
  return forms.map((form) => quote(`*${form}[${described}]${taken}`)).join(' ');
}

function zshValue({ choices, isPath }: DescribedValue): string {
  if (isPath) return '_files';
  return choices.length > 0 ? `(${choices.join(' ')})` : ' ';
}

function fish(program: DescribedCommand): string {
  const first = program.commands.map(
    ({ path, summary }) =>
      `complete -c ubmsc -n __fish_use_subcommand -a ${path.join(' ')} -d ${quote(summary)}`,
  );
  const own = everyCommand(program).flatMap((command) => {
    const condition = `-n ${quote(command.path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and '))}`;
    return [
      ...command.options.map((option) => `complete -c ubmsc ${condition} ${fishOption(option)}`),
      ...command.commands.map(
        ({ path, summary }) => `complete -c ubmsc ${condition} -a ${path.at(-1)} -d ${quote(summary)}`,
      ),
      ...command.argument.choices.map((word) => `complete -c ubmsc ${condition} -a ${word}`),
      ...(command.argument.isPath ? [`complete -c ubmsc ${condition} -F`] : []),
    ];
  });
  return [
    '# Completion of ubmsc for fish. Put it into ~/.config/fish/completions/ubmsc.fish.',
    'complete -c ubmsc -f',
    ...first,
    ...program.options.map((option) => `complete -c ubmsc ${fishOption(option)}`),
    ...own,
    '',
  ].join('\n');
}

function fishOption({ short, long, help, value }: DescribedOption): string {
  const names = `${short === undefined ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
  const choices = value && value.choices.length > 0 ? ` -a ${quote(value.choices.join(' '))}` : '';
  const taken = value === undefined ? '' : value.isPath ? ' -r -F' : ` -x${choices}`;
  return `${names}${taken} -d ${quote(help)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
