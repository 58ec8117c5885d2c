import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** What one run of the command shows to a script. */
export interface Outcome {
  readonly exitCode: number;
  /** Its lines. */
  readonly stdout: readonly string[];
}

/** The interface of the command that scripts rely on, as one version of it shows it. */
export interface Surface {
  /** Names of the options of each command; '' is the command without a subcommand. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  /** What is printed for the same input, by case. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
}

const fixtures = new URL('../../../fixtures/', import.meta.url);
/** Recordings, and how many lines of each hold device info, settings and the first cell data. */
const openings: Readonly<Record<string, number>> = {
  'jk04-8.0.3m': 64,
  'jk02-24s-8.0.6': 18,
  'jk02-32s-15.41': 40,
};

/** The formats in which readings are printed. */
export const formats: readonly string[] = [
  'text',
  'rust',
  'rust-pretty',
  'json',
  'json-pretty',
  'yaml',
  'toml',
  'toml-pretty',
  'metrics',
];

/** Wrong uses, each with the exit code that scripts know. */
const failures: readonly (readonly string[])[] = [
  ['--no-such-option'],
  ['no-such-command'],
  ['-f', 'no-such-format', 'decode'],
  ['--adapter', 'no-such-adapter', 'scan'],
  ['--adapter', 'unix:/no/such/ether.sock', '-c'],
  ['--adapter', 'replay:/no/such/file.jsonl', '-c'],
  ['--config', '/no/such/config.toml', 'scan'],
  ['decode', '/no/such/file'],
  ['decode', '--no-such-option'],
];

/** Runs every case with the command whose file is given. */
export async function surfaceOf(command: string): Promise<Surface> {
  const outcomes: Record<string, Outcome> = {};
  for (const [name, lines] of Object.entries(openings)) {
    const text = await readFile(new URL(`${name}.jsonl`, fixtures), 'utf8');
    const opening = `${text.split('\n').slice(0, lines).join('\n')}\n`;
    const ways = [...formats.map((format) => ['-f', format]), ['--explain']];
    const decoding = ways.map(async (way) => {
      outcomes[`decode ${way.join(' ')} of ${name}`] = await run(command, ['decode', ...way], opening);
    });
    await Promise.all(decoding);
  }
  const failing = failures.map(async (args) => {
    const { exitCode } = await run(command, args);
    outcomes[args.join(' ')] = { exitCode, stdout: [] };
  });
  await Promise.all(failing);
  const options: Record<string, readonly string[]> = {};
  const help = await helpOf(command, '--all');
  const shared = optionsIn(help);
  options[''] = shared;
  const commands = [...help.slice(help.lastIndexOf('\n  -')).matchAll(/^ {2}([a-z]+)\b/gm)];
  const explaining = commands.map(async ([, name = '']) => {
    const own = optionsIn(await helpOf(command, name));
    options[name] = [...new Set([...shared, ...own])].toSorted();
  });
  await Promise.all(explaining);
  return { options, outcomes };
}

/** Names of the options of the command without a subcommand. */
export async function optionsOf(command: string): Promise<readonly string[]> {
  return optionsIn(await helpOf(command, '--all'));
}

async function helpOf(command: string, about: string): Promise<string> {
  return (await run(command, ['help', about])).stdout.join('\n');
}

function optionsIn(help: string): string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z][a-z.-]*)/gm)].map(([, name = '']) => name).toSorted();
}

async function run(command: string, args: readonly string[], input = ''): Promise<Outcome> {
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [command, ...args],
      {
        timeout: 60_000,
        maxBuffer: 2 ** 26,
        env: { PATH: process.env['PATH'], HOME: '/nonexistent', TZ: 'UTC' },
      },
      (error, stdout) => {
        const code = error?.code;
        const exitCode = typeof code === 'number' ? code : error ? -1 : 0;
        resolve({ exitCode, stdout: stdout.split('\n') });
      },
    );
    child.stdin?.on('error', () => {}); // it may end before it has read all of it
    child.stdin?.end(input);
  });
}
