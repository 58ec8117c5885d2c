import { decodeRequest, type Reading, type RecordName } from '@ubmsc/protocol';

/** What has become of a device so far. All numbers only grow. */
export interface DeviceReport {
  readonly name: string;
  /** A central is connected. */
  readonly connected: boolean;
  /** Links that began. */
  readonly connects: number;
  /** Links that ended, by the reason that the Core Specification names (Vol 1, Part F, 1.3). */
  readonly disconnects: Readonly<Record<string, number>>;
  /** Requests, by their command such as `0x97`. */
  readonly requests: Readonly<Record<string, number>>;
  /** Writes to the stream: a real device beeps at each. */
  readonly beeps: number;
  /** Those of them that came while cell data flowed. */
  readonly beepsWhileStreaming: number;
  /** Records that were sent, by their kind. */
  readonly records: Readonly<Partial<Record<RecordName, number>>>;
  /** Reads, writes and subscriptions elsewhere than at the stream, by UUID. */
  readonly otherAccesses: Readonly<Record<string, number>>;
  /** The latest cell data, as it is to be read, before faults damage its bytes; left out before the first, and for recordings. */
  readonly latest?: Reading;
}

/** A device streams when its latest cell data is not older, in ms. */
const STREAMING = 2000;

/** Counts what happens to a device. */
export class Activity {
  #connects = 0;
  #beeps = 0;
  #beepsWhileStreaming = 0;
  #latestCellData = -Infinity;
  readonly #disconnects: Record<string, number> = {};
  readonly #requests: Record<string, number> = {};
  readonly #records: Partial<Record<RecordName, number>> = {};
  readonly #otherAccesses: Record<string, number> = {};

  get counts(): Omit<DeviceReport, 'name' | 'connected' | 'latest'> {
    return {
      connects: this.#connects,
      disconnects: { ...this.#disconnects },
      requests: { ...this.#requests },
      beeps: this.#beeps,
      beepsWhileStreaming: this.#beepsWhileStreaming,
      records: { ...this.#records },
      otherAccesses: { ...this.#otherAccesses },
    };
  }

  connected(): void {
    this.#connects++;
    this.#latestCellData = -Infinity;
  }

  disconnected(reason: string): void {
    count(this.#disconnects, reason);
  }

  written(bytes: Uint8Array): void {
    this.#beeps++;
    if (performance.now() - this.#latestCellData < STREAMING) this.#beepsWhileStreaming++;
    const request = decodeRequest(bytes);
    count(this.#requests, request ? `0x${request.command.toString(16).padStart(2, '0')}` : 'none');
  }

  sent(record: RecordName): void {
    this.#records[record] = (this.#records[record] ?? 0) + 1;
    if (record === 'cellData') this.#latestCellData = performance.now();
  }

  accessedElsewhere(uuid: string): void {
    count(this.#otherAccesses, uuid);
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
