import { isCapture } from '@ubmsc/recording';
import type { Variant } from '@ubmsc/protocol';
import { CaptureFrames } from './capture-frames.ts';
import type { Found, FrameSource } from './found.ts';
import { RECORDING_START, RecordingFrames } from './recording-frames.ts';
import { StreamFrames } from './stream-frames.ts';

/** Octets by which a capture of Bluetooth or a recording is told from all else. */
const SIGNATURE = RECORDING_START.length;

/** What a file holds is told by how it begins. */
export class AnyFrames implements FrameSource {
  readonly #variant: Variant | undefined;
  readonly #warn: (text: string) => void;
  #beginning: Buffer = Buffer.alloc(0);
  #source: FrameSource | undefined;

  /** `variant` is that of all frames, where it is known; `warn` is told of what is wrong with a capture. */
  constructor(variant: Variant | undefined, warn: (text: string) => void) {
    this.#variant = variant;
    this.#warn = warn;
  }

  get bytes(): number {
    return this.#source?.bytes ?? 0;
  }

  push(chunk: Uint8Array): readonly Found[] {
    if (this.#source) return this.#source.push(chunk);
    this.#beginning = Buffer.concat([this.#beginning, chunk]);
    return this.#beginning.length < SIGNATURE ? [] : this.#begin();
  }

  end(): readonly Found[] {
    return [...(this.#source ? [] : this.#begin()), ...(this.#source?.end() ?? [])];
  }

  #begin(): readonly Found[] {
    if (isCapture(this.#beginning)) this.#source = new CaptureFrames(this.#variant, this.#warn);
    else if (this.#beginning.toString('latin1', 0, SIGNATURE) === RECORDING_START)
      this.#source = new RecordingFrames(this.#variant, this.#warn);
    else this.#source = new StreamFrames(this.#variant);
    return this.#source.push(this.#beginning);
  }
}
