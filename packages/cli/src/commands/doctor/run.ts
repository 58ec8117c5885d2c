import type { Options } from '../../command-line/options.ts';
import { diagnose } from '../../doctor/diagnose.ts';
import { stages, type Finding } from '../../doctor/finding.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Row } from '../../formats/index.ts';
import { documentFormat } from '../../formats/document-format.ts';
import { startLogging } from '../../logging.ts';
import { print, Progress } from '../../output.ts';
import { Replays } from '../../recordings/replays.ts';
import { snoop } from '../../snoop.ts';
import { simulate } from '../../batteries/session.ts';

export interface DoctorOptions extends Options {
  readonly json?: boolean | undefined;
  /** How long the stream is looked at, in seconds. */
  readonly for?: number | undefined;
}

const signs: Readonly<Record<Finding['outcome'], string>> = { ok: '✔', failed: '✘', skipped: '–' };

/** How long the stream is looked at when nobody says otherwise, in seconds: values that stand still show after ten. */
const MEASURE = 12;

/** How long is listened for a battery at most, in seconds: a battery in range advertises several times a second. */
const LISTEN = 15;

/**
 * Says what stands between this machine and a battery: a line for each stage, from the program to the values. Returns
 * the exit code of the first stage that fails.
 */
export async function doctor(
  device: string | undefined,
  options: DoctorOptions,
  signal: AbortSignal,
): Promise<number> {
  const logging = await startLogging({ filter: options.log, journal: options.journal ?? false });
  try {
    return await show(device, options, signal);
  } finally {
    logging[Symbol.dispose]();
  }
}

async function show(
  device: string | undefined,
  options: DoctorOptions,
  signal: AbortSignal,
): Promise<number> {
  const format = documentFormat('doctor', options.json ? 'json' : options.format);
  using progress = new Progress();
  const all: Finding[] = [];
  progress.show('looking');
  for await (const finding of findingsOf(device, options, signal)) {
    all.push(finding);
    progress.clear();
    if (!format.printDocument) await print(findingText(finding));
    progress.show('looking further');
  }
  progress.clear();
  if (format.printDocument) await print(await format.printDocument({ doctor: all.map(toRow) }));
  return all.find(({ outcome }) => outcome === 'failed')?.exitCode ?? exitCodes.ok;
}

/** What stands between this machine and a battery, as the options say. */
export function findingsOf(
  device: string | undefined,
  options: DoctorOptions,
  signal: AbortSignal,
): AsyncGenerator<Finding, void, undefined> {
  return diagnose({
    adapter: options.adapter,
    wanted: device ?? options.devices?.[0],
    variant: options.variant,
    requestTimeout: options.requestTimeout * 1000,
    listen: Math.min(options.scanTimeout, LISTEN) * 1000,
    measure: (options.for ?? MEASURE) * 1000,
    signal,
    simulate,
    replay: new Replays(signal).play,
    capture: snoop(options),
  });
}

/** A finding for people: its stage, and the next step in a line of its own. */
export function findingText({ stage, outcome, text, hint }: Finding): string {
  const advice = hint === undefined ? '' : `\n${' '.repeat(21)}→ ${hint}`;
  return `${signs[outcome]} ${stages[stage].padEnd(18)} ${text}${advice}\n`;
}

function toRow({ stage, outcome, text, hint, exitCode }: Finding): Row {
  return { stage, outcome, text, hint: hint ?? null, exit_code: exitCode };
}
