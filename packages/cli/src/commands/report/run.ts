import { Recorder } from '@ubmsc/recording';
import { pseudonymOf } from '@ubmsc/protocol';
import { elapses, errorCode, fileProblem, homeFolder, UsageError } from '@ubmsc/base';
import type { BatteryStatus } from '@ubmsc/session';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, platform, release } from 'node:os';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { exitCodes, Interrupted } from '../../exit-codes.ts';
import { announce, print, Progress } from '../../output.ts';
import { REPORT_TITLE } from '../../recordings/load-recording.ts';
import { version } from '../../version.ts';
import { configText, type ConfigCommandOptions } from '../config/run.ts';
import { findingsOf, findingText } from '../doctor/run.ts';
import { openBatteries } from '../../batteries/session.ts';

export interface ReportOptions extends BatteriesOptions, Pick<ConfigCommandOptions, 'sourceOf'> {
  /** The configuration file that was read. */
  readonly configuration: ConfigCommandOptions['config'];
  /** The file; `-` is standard output. */
  readonly output: string;
  /** How long batteries are recorded, in seconds. */
  readonly for: number;
  readonly anonymize?: boolean | undefined;
  readonly force?: boolean | undefined;
}

/**
 * Writes what somebody needs who shall find out what is wrong: versions, platform, what the doctor finds, settings, and
 * a recording. Without passcodes; it says itself what is in it. The exit code is 0 when it was written, whatever it says.
 */
export async function report(options: ReportOptions, signal: AbortSignal): Promise<number> {
  if (options.showSecrets) throw new UsageError('a report is for others', 'leave --show-secrets out');
  await checkOutput(options);
  using progress = new Progress();
  progress.show('asking the doctor');
  const findings: string[] = [];
  const { batteries: [wanted] = [] } = options;
  for await (const finding of findingsOf(wanted?.device, { ...options, for: undefined }, signal))
    findings.push(findingText(finding));
  progress.show(`recording for ${options.for} s`);
  const { text: recording, statuses } = await recorded(options, signal);
  progress.clear();
  // The names of batteries stand in the configuration, too.
  const config = options.anonymize ? undefined : options.configuration;
  const settings = configText({ sourceOf: options.sourceOf, config, options });
  const text = withoutTraces(
    [
      REPORT_TITLE,
      'Look through it before you hand it on: it has no passcodes, but says what devices are in range' +
        (options.anonymize ? ', under other names.' : ', with their names and serial numbers.'),
      section('Versions', 'text', await versions()),
      section('Doctor', 'text', findings.join('')),
      section('Settings', 'toml', settings),
      section('Recording', 'jsonl', recording || 'no battery was found\n'),
    ].join('\n\n'),
    options.anonymize ? statuses : [],
  );
  await write(text, options);
  return exitCodes.ok;
}

function section(title: string, language: string, text: string): string {
  return `## ${title}\n\n\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

async function versions(): Promise<string> {
  const facts = {
    ubmsc: version,
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    system: await systemName(),
    time: new Date().toISOString(),
  };
  return Object.entries(facts)
    .map(([name, value]) => `${name.padEnd(9)} ${value}\n`)
    .join('');
}

/** What the system calls itself (os-release(5)). */
async function systemName(): Promise<string> {
  try {
    const text = await readFile('/etc/os-release', 'utf8');
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(text)?.[1] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

interface Recorded {
  readonly text: string;
  readonly statuses: readonly BatteryStatus[];
}

/** The recording of the first battery that is found: a report is read by people. */
async function recorded(options: ReportOptions, signal: AbortSignal): Promise<Recorded> {
  let text = '';
  let parts = 0;
  const recorder = new Recorder({
    origin: `ubmsc ${version} on ${options.adapter}`,
    anonymize: options.anonymize,
    begin: () => {
      const isFirst = ++parts === 1;
      return { write: (line) => void (isFirst && (text += line)), end: () => {} };
    },
  });
  let statuses: readonly BatteryStatus[] = [];
  try {
    await using session = await openBatteries({ ...options, log: 'off' }, signal, {
      observe: recorder.observe,
      opened: (source) => recorder.follow(source),
    });
    await elapses(options.for * 1000, AbortSignal.any([signal, session.replays.ended]));
    ({ statuses } = session.batteries);
  } catch (error) {
    if (signal.aborted) throw error;
    // The doctor has said what is wrong with it.
  }
  recorder.end();
  if (signal.aborted && !(signal.reason instanceof Interrupted)) throw signal.reason;
  return { text, statuses };
}

/** Names and addresses of the batteries become pseudonyms; the home folder, which often has a person's name, becomes ~. */
function withoutTraces(text: string, statuses: readonly BatteryStatus[]): string {
  const traces = new Map<string, string>([[homeFolder(), '~']]);
  statuses.forEach(({ address, name, device, deviceInfo }, index) => {
    const pseudonym = pseudonymOf(index + 1);
    if (address !== undefined) traces.set(address, pseudonym.address);
    for (const each of [name, device, deviceInfo?.deviceName]) if (each) traces.set(each, pseudonym.name);
    if (deviceInfo?.serialNumber)
      traces.set(deviceInfo.serialNumber, pseudonym.serialNumber(deviceInfo.serialNumber.length));
  });
  return [...traces]
    .toSorted(([one], [other]) => other.length - one.length)
    .reduce(
      (before, [trace, instead]) => (trace.length > 1 ? before.replaceAll(trace, instead) : before),
      text,
    );
}

/** A minute of recording is not made for a file that cannot be written. */
async function checkOutput({ output, force }: ReportOptions): Promise<void> {
  if (output === '-') return;
  try {
    const file = await open(output, force ? 'a' : 'wx', 0o600);
    await file.close();
  } catch (cause) {
    throw cannotWrite(output, cause);
  }
  if (!force) await rm(output);
}

async function write(text: string, { output, force }: ReportOptions): Promise<void> {
  const whole = `${text}\n`;
  if (output === '-') return await print(whole);
  try {
    await writeFile(output, whole, { flag: force ? 'w' : 'wx', mode: 0o600 });
  } catch (cause) {
    throw cannotWrite(output, cause);
  }
  announce(`wrote ${output}; look through it before you hand it on`);
}

function cannotWrite(output: string, cause: unknown): UsageError {
  if (errorCode(cause) === 'EEXIST')
    return new UsageError(
      `${output} is there already`,
      'give --force to write over it, or another --output',
      { cause },
    );
  const hint = 'give --output a file in a folder where you may write';
  const problem = fileProblem(`the report ${output}`, 'written', cause, { denied: hint, unusable: hint });
  return new UsageError(...problem, { cause });
}
