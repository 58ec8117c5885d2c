import { Recorder, type RecordingSummary, type RecordingHeader } from '@ubmsc/recording';
import { asError, anySignal, elapses, UsageError } from '@ubmsc/base';
import type { BatteryStatus } from '@ubmsc/session';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { exitCodes, Interrupted } from '../../exit-codes.ts';
import { announce, Progress } from '../../output.ts';
import {
  RecordingFiles,
  type RecordingFile,
  type RecordingFilesOptions,
} from '../../recordings/recording-files.ts';
import { recordedLine } from '../../recordings/recorded-line.ts';
import { version } from '../../version.ts';
import { tellNoReading } from '../../batteries/no-reading.ts';
import { openBatteries } from '../../batteries/session.ts';

export interface RecordOptions extends BatteriesOptions, RecordingFilesOptions {
  readonly anonymize?: boolean | undefined;
  /** What the recording shows. */
  readonly note?: string | undefined;
  /** End after this time, in seconds. */
  readonly for?: number | undefined;
  /** Begin another part at this size in octets, or after this time in seconds. */
  readonly rotateSize?: number | undefined;
  readonly rotateTime?: number | undefined;
  /** Most parts that are kept of each battery. */
  readonly keep?: number | undefined;
}

/** How often what was recorded is written, in milliseconds: a crash loses no more. */
const FLUSH = 1000;

/**
 * Records batteries until it is interrupted, or the time is up: that is how recordings end, so the exit code is 0 when
 * there is one. Links that are lost are made again, and stand in the recording.
 */
export async function record(options: RecordOptions, signal: AbortSignal): Promise<number> {
  if (options.anonymize && options.showSecrets) {
    throw new UsageError('a recording that is anonymized shows no secrets', 'leave out one of both options');
  }
  const files = new OpenFiles(new RecordingFiles(options), options.keep);
  const { rotateSize: octets, rotateTime } = options;
  const time = rotateTime === undefined ? undefined : rotateTime * 1000;
  const recorder = new Recorder({
    origin: `ubmsc ${version} on ${options.adapter}`,
    note: options.note,
    anonymize: options.anonymize,
    showSecrets: options.showSecrets,
    rotate: octets === undefined && time === undefined ? undefined : { octets, time },
    begin: (header) => files.begin(header),
  });
  using progress = new Progress();
  let statuses: readonly BatteryStatus[] = [];
  {
    await using session = await openBatteries(options, signal, {
      observe: recorder.observe,
      opened: (source) => recorder.follow(source),
    });
    await untilOver({
      signal,
      ended: session.replays.ended,
      seconds: options.for,
      async everySecond(elapsed) {
        await files.flush();
        progress.show(progressLine(recorder.summaries, elapsed));
      },
    });
    ({ statuses } = session.batteries);
  }
  const summaries = recorder.end();
  await files.close();
  progress.clear();
  for (const summary of summaries) {
    const { header } = summary;
    if (header) announce(recordedLine(summary, files.namesOf(header).join(' ')));
  }
  if (summaries.some(({ header }) => header)) return exitCodes.ok;
  return tellNoReading(statuses);
}

/** The files of the parts that are being written, and those that were. */
class OpenFiles {
  readonly #files: RecordingFiles;
  readonly #keep: number;
  readonly #open = new Set<RecordingFile>();
  /** Files by the battery, oldest first. */
  readonly #names = new Map<string, string[]>();
  #closing: Promise<void>[] = [];
  #failure: Error | undefined;

  constructor(files: RecordingFiles, keep = Infinity) {
    this.#files = files;
    this.#keep = keep;
  }

  begin(header: RecordingHeader): { write(text: string): void; end(): void } {
    const file = this.#openFile(header);
    if (!file) return { write: () => {}, end: () => {} };
    this.#open.add(file);
    const names = this.#names.get(keyOf(header)) ?? [];
    this.#names.set(keyOf(header), [...names, file.name]);
    return {
      write: (text) => file.write(text),
      end: () => {
        this.#open.delete(file);
        this.#closing.push(file.close().then(async () => await this.#dropOld(keyOf(header))));
      },
    };
  }

  /** It comes out of the middle of a link, where nobody could catch an error: {@link flush} throws it. */
  #openFile(header: RecordingHeader): RecordingFile | undefined {
    try {
      return this.#files.open(header);
    } catch (error) {
      this.#failure ??= asError(error);
      return undefined;
    }
  }

  namesOf(header: RecordingHeader): readonly string[] {
    return this.#names.get(keyOf(header)) ?? [];
  }

  /** Rejects with a UsageError when a file cannot be written. */
  async flush(): Promise<void> {
    if (this.#failure) throw this.#failure;
    await Promise.all([
      ...this.#closing.splice(0),
      ...[...this.#open].map(async (file) => await file.flush(1)),
    ]);
  }

  async close(): Promise<void> {
    await this.flush();
  }

  async #dropOld(key: string): Promise<void> {
    const names = this.#names.get(key) ?? [];
    const old = names.splice(0, Math.max(0, names.length - this.#keep));
    for (const name of old) await this.#files.remove(name);
  }
}

function keyOf({ device }: RecordingHeader): string {
  return device.address ?? device.name ?? '';
}

interface Waiting {
  readonly signal: AbortSignal;
  /** What is replayed is over. */
  readonly ended: AbortSignal;
  readonly seconds: number | undefined;
  readonly everySecond: (elapsed: number) => Promise<void>;
}

/** Waits until the time is up, the replay is over, or the program is asked to end. */
async function untilOver({ signal, ended, seconds = Infinity, everySecond }: Waiting): Promise<void> {
  const start = performance.now();
  using either = anySignal(signal, ended);
  for (;;) {
    const elapsed = performance.now() - start;
    await everySecond(elapsed);
    const left = seconds * 1000 - elapsed;
    if (either.signal.aborted || left <= 0) break;
    await elapses(Math.min(FLUSH, left), either.signal);
  }
  if (signal.aborted && !(signal.reason instanceof Interrupted)) throw signal.reason;
}

function progressLine(summaries: readonly RecordingSummary[], elapsed: number): string {
  const frames = summaries.reduce((sum, summary) => sum + summary.frames, 0);
  const batteries = summaries.length === 1 ? '1 battery' : `${summaries.length} batteries`;
  return `recording ${batteries}: ${Math.round(elapsed / 1000)} s, ${frames} frames`;
}
