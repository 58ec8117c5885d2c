import {
  CaptureImport,
  SessionRecorder,
  type CapturedSession,
  type CaptureSummary,
  type RecordingHeader,
  type RecordingRedaction,
} from '@ubmsc/recording';
import { otherMaker } from '@ubmsc/protocol';
import { asError } from '@ubmsc/base';
import { version } from '../version.ts';
import { recordedLine } from './recorded-line.ts';
import type { RecordingFile, RecordingFiles } from './recording-files.ts';

export interface CaptureRecordingsOptions {
  readonly files: RecordingFiles;
  /** What is taken out of the recording of a session. */
  readonly redactionOf: (session: CapturedSession) => RecordingRedaction;
  /** Is told of each recording that is complete, in a line for people, with how many records it has. */
  readonly recorded: (line: string, records: number) => void;
}

/** A session whose recording is written; it has a file once the header is known. */
interface Open {
  readonly recorder: SessionRecorder;
  file?: RecordingFile;
  /** Resolves when all of the file was written. */
  closed?: Promise<void>;
}

/** Makes a recording of each session in a capture, while it is read. */
export class CaptureRecordings {
  readonly #options: CaptureRecordingsOptions;
  readonly #import: CaptureImport;
  readonly #open = new Map<CapturedSession, Open>();
  readonly #closing: Promise<void>[] = [];
  #maker: string | undefined;
  #failure: Error | undefined;

  constructor(options: CaptureRecordingsOptions) {
    this.#options = options;
    this.#import = new CaptureImport({
      began: (session) => this.#begin(session),
      value: (session, value) => {
        if (value.kind === 'notification') this.#maker ??= otherMaker(value.bytes);
        this.#open.get(session)?.recorder.value(value);
      },
      ended: (session, time, reason) => this.#end(session, time, reason),
    });
  }

  /** What other device the capture has a session with, where its bytes say so. */
  get maker(): string | undefined {
    return this.#maker;
  }

  /** The capture makes no sense any more: what follows is not read. */
  get isDamaged(): boolean {
    return this.#import.damage !== undefined;
  }

  /** Resolves when the next piece may come. Rejects with a UsageError when a recording cannot be written. */
  async push(chunk: Uint8Array): Promise<void> {
    this.#import.push(chunk);
    await this.#written();
  }

  /** Ends the capture, and with it the recordings that are not complete. Rejects when one could not be opened. */
  async end(): Promise<CaptureSummary> {
    const summary = this.#import.end();
    await this.#written();
    if (this.#failure) throw this.#failure;
    return summary;
  }

  #begin(session: CapturedSession): void {
    const open: Open = {
      recorder: new SessionRecorder(session, {
        ...this.#options.redactionOf(session),
        origin: `ubmsc ${version}, imported from a capture`,
        begin: (header) => {
          const file = this.#openFile(header);
          if (!file) return { write: () => {}, end: () => {} };
          open.file = file;
          return { write: (text) => file.write(text), end: () => void (open.closed = file.close()) };
        },
      }),
    };
    this.#open.set(session, open);
  }

  /** Others are recorded to their end before {@link end} throws: a recording that is torn off would pass for a whole one. */
  #openFile(header: RecordingHeader): RecordingFile | undefined {
    try {
      return this.#options.files.open(header);
    } catch (error) {
      this.#failure ??= asError(error);
      return undefined;
    }
  }

  #end(session: CapturedSession, time: number, reason: number | undefined): void {
    const open = this.#open.get(session);
    if (!open) return;
    this.#open.delete(session);
    const summary = open.recorder.end(time, reason);
    const { file, closed } = open;
    if (!file || !closed) return;
    this.#closing.push(
      closed.then(() => this.#options.recorded(recordedLine(summary, file.name), summary.frames)),
    );
  }

  async #written(): Promise<void> {
    await Promise.all([
      ...this.#closing.splice(0),
      ...[...this.#open.values()].map(async ({ file }) => await file?.flush()),
    ]);
  }
}
