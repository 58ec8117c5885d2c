import { FRAME_LENGTH, type RecordName, type TimedItem, type Variant, type Verdict } from '@ubmsc/protocol';
import { LinkError, StaleDataError, UnknownDeviceError, type ReceivedFrame } from '@ubmsc/session';

/** What came over the link so far. */
export interface LinkStatistics {
  /** Frames that were accepted. */
  readonly frames: number;
  /** Records with a wrong checksum. */
  readonly checksumErrors: number;
  /** Frames whose checksum was right and that were refused, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Frames that were accepted with a doubt, by reason. */
  readonly doubted: Readonly<Record<string, number>>;
  /** Bytes outside of messages, by reason. */
  readonly discarded: Readonly<Record<string, number>>;
}

/** An answer did not come in time; asking again may help. */
export class LateError extends LinkError {}

/** What people call the records. */
export const recordTitles: Readonly<Record<RecordName, string>> = {
  settings: 'settings',
  cellData: 'cell data',
  deviceInfo: 'device info',
  logbook: 'logbook',
  detailLog: 'detail log',
};

/** Counts what comes over one link, which tells why something else does not come. */
export class SessionTally {
  #frames = 0;
  #checksumErrors = 0;
  readonly #accepted = new Set<RecordName>();
  readonly #refused: Record<string, number> = {};
  readonly #doubted: Record<string, number> = {};
  readonly #discarded: Record<string, number> = {};
  /** It sends back what it was sent. */
  #echoes = false;
  /** The first bytes that were not understood: they tell what the device speaks instead. */
  #noise: Uint8Array | undefined;
  /** How many requests were sent, and after which of them noise came. */
  #asked = 0;
  readonly #noisyAnswers = new Set<number>();

  /** How many were accepted. */
  get frames(): number {
    return this.#frames;
  }

  get statistics(): LinkStatistics {
    return {
      frames: this.#frames,
      checksumErrors: this.#checksumErrors,
      refused: { ...this.#refused },
      doubted: { ...this.#doubted },
      discarded: { ...this.#discarded },
    };
  }

  /** A request was sent. */
  ask(): void {
    this.#asked++;
  }

  /** Bytes outside of messages were received. */
  discard({ reason, bytes }: Extract<TimedItem, { kind: 'discarded' }>): void {
    count(this.#discarded, reason, bytes.length);
    if (reason === 'noise') {
      this.#noise ??= bytes;
      this.#noisyAnswers.add(this.#asked);
    }
    if (reason === 'checksum') this.#checksumErrors++;
  }

  /** What was sent has come back. */
  echo(): void {
    this.#echoes = true;
  }

  accept({ frame, doubt }: ReceivedFrame): void {
    this.#frames++;
    if (doubt !== undefined) count(this.#doubted, doubt, 1);
    this.#accepted.add(frame.record);
  }

  refuse(reason: string): void {
    count(this.#refused, reason, 1);
  }

  /** Why a record did not come within a time, in milliseconds. `variant` is the one that was given. */
  silence(
    record: RecordName,
    timeout: number,
    {
      title,
      verdict,
      variant,
    }: { readonly title: string; readonly verdict: Verdict; readonly variant: Variant | undefined },
  ): Error {
    if (record === 'cellData' && this.#refused['frozen']) {
      return new StaleDataError(
        `${title} sends the same cell data again and again`,
        'switch its Bluetooth off and on, or restart the battery management system',
        { reason: 'frozen' },
      );
    }
    if (this.#refused['variant'] && !this.#accepted.has(record))
      return refusal(`the ${recordTitles[record]} of ${title}`, verdict, variant);
    if (record === 'logbook') {
      return new LateError(
        `${title} keeps no logbook, or does not answer for it`,
        'move closer, and try again',
      );
    }
    if (this.#frames === 0 && this.#echoes) {
      return new UnknownDeviceError(
        `${title} sends back what it is sent, as a serial module does and as a battery that wants to be paired may`,
        'choose another device; adapter.scan() lists what is in range',
        { reason: 'echo' },
      );
    }
    // A battery that streams already may begin in the middle of a record: its rest comes once and is shorter than one.
    const isAnswered = this.#noisyAnswers.size > 1 || (this.#discarded['noise'] ?? 0) >= FRAME_LENGTH;
    if (this.#frames === 0 && this.#noise && isAnswered) {
      const start = Buffer.from(this.#noise.subarray(0, 8))
        .toString('hex')
        .replace(/..(?=.)/g, '$& ');
      return new UnknownDeviceError(
        `${title} answers, but not as a JK battery does (its bytes begin with ${start})`,
        'choose another device; adapter.scan() lists what is in range',
        { reason: 'notJk' },
      );
    }
    return new LateError(
      `${title} sent no ${recordTitles[record]} within ${timeout / 1000} s`,
      'move closer, or allow more time with { requestTimeout }',
      { reason: this.#frames === 0 ? 'noAnswer' : 'silent' },
    );
  }
}

function refusal(
  what: string,
  { candidates, reasons }: Verdict,
  variant: Variant | undefined,
): UnknownDeviceError {
  if (variant) {
    return new UnknownDeviceError(
      `${what} cannot be read as ${variant}: ${reasons[variant]}`,
      `leave out { variant }${candidates.length === 1 ? `: it is ${candidates.join()}` : ''}`,
      { reason: 'unknownLayout' },
    );
  }
  const why = Object.entries(reasons).map(([name, reason]) => `not ${name}: ${reason}`);
  const left = candidates.length > 1 ? `it could be ${candidates.join(' or ')}` : 'no layout fits';
  return new UnknownDeviceError(
    `${what} cannot be understood: ${[left, ...why].join('; ')}`,
    'name the layout with { variant } if you know it, and report the device',
    { reason: 'unknownLayout' },
  );
}

function count(counts: Record<string, number>, name: string, step: number): void {
  counts[name] = (counts[name] ?? 0) + step;
}
