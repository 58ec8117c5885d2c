import type { Ether, PacketCapture } from '@ubmsc/hci';
import type { CentralSource } from './central.ts';

/** A recording that is replayed: one that comes with the program, by its name, or a file. Times are in seconds. */
export interface ReplaySpec {
  readonly source: { readonly name: string } | { readonly file: string };
  /** Files that are replayed at the same time. */
  readonly also?: readonly string[];
  /** How much faster than it was recorded. */
  readonly speed?: number;
  /** Goes on with its first cell data when it is over. */
  readonly loop?: boolean;
  /** Where in the recording it begins, and where it ends. */
  readonly from?: number;
  readonly to?: number;
}

/** Puts simulated batteries into an ether; `simulate` of `@ubmsc/simulator` is one. */
export type Simulate = (options: {
  readonly ether: Ether;
  readonly batteries: number;
  readonly signal?: AbortSignal;
}) => Promise<AsyncDisposable>;

/** Puts the battery of a recording into an ether: reads what `spec` names, and plays it with `replay` of `@ubmsc/simulator`. */
export type Replay = (options: {
  readonly ether: Ether;
  readonly spec: ReplaySpec;
  readonly signal?: AbortSignal;
}) => Promise<AsyncDisposable>;

/** What a transport may need when its adapter is opened. */
export interface TransportContext {
  readonly signal?: AbortSignal | undefined;
  /** Needed for `sim` only: this package knows no simulator. */
  readonly simulate?: Simulate | undefined;
  /** Needed for `replay:FILE` and `sim:NAME` only. */
  readonly replay?: Replay | undefined;
  /** Where the packets between host and controller go; a transport that cannot see them refuses with an AdapterError. */
  readonly capture?: PacketCapture | undefined;
}

/**
 * A scheme of `--adapter`: one row of the table `transports`, from which parsing, help, completion and doctor derive.
 * The text of an adapter begins with the scheme; what follows is a number, or a colon and more.
 */
export interface Transport {
  /** What the text begins with, such as `tcp`. */
  readonly scheme: string;
  /** How it is written, in the order of the help, such as `tcp:host:port`. */
  readonly examples: readonly string[];
  /** What it opens, in a few words for the help. */
  readonly help: string;
  /**
   * Reads the whole text and returns what opens it.
   * @throws {UsageError} the text has no meaning; the hint says what is allowed.
   */
  parse(text: string): OpenTransport;
}

/** Takes what the adapter needs for as long as it is used, such as its lock. Rejects with an AdapterError. */
export type OpenTransport = (context: TransportContext) => Promise<CentralSource>;
