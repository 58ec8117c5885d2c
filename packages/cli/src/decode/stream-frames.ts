import { TextDecoder } from 'node:util';
import { StreamParser, type StreamItem, type Variant } from '@ubmsc/protocol';
import type { Found, FrameSource } from './found.ts';
import { InputKind } from './input-kind.ts';
import { Senders } from './senders.ts';
import { TextFrames } from './text/text-frames.ts';

/** Frames as they are, or in any text that shows them. Never throws; memory is bounded. */
export class StreamFrames implements FrameSource {
  readonly #kind = new InputKind();
  readonly #senders: Senders;
  #messages: Messages | undefined;
  #frames = 0;

  constructor(variant: Variant | undefined) {
    this.#senders = new Senders(variant);
  }

  get bytes(): number {
    return this.#messages?.bytes ?? 0;
  }

  push(chunk: Uint8Array): readonly Found[] {
    if (this.#messages) return this.#told(this.#messages.push(chunk));
    const kind = this.#kind.push(chunk);
    return kind === undefined ? [] : this.#told(this.#begin(kind).push(this.#kind.head));
  }

  end(): readonly Found[] {
    const rest = this.#messages ? [] : this.#begin(this.#kind.end()).push(this.#kind.head);
    return [...this.#told(rest), ...this.#told(this.#messages?.end() ?? []), ...this.#senders.end()];
  }

  #begin(kind: string): Messages {
    return (this.#messages = kind === 'binary' ? new BinaryMessages() : new TextMessages(kind));
  }

  #told(items: readonly StreamItem[]): readonly Found[] {
    const found: Found[] = [];
    for (const item of items) {
      if (item.kind !== 'frame') found.push(item);
      else {
        const { frame, offset } = item;
        this.#senders.push({ frame, offset, number: ++this.#frames }, found);
      }
    }
    return found;
  }
}

interface Messages {
  readonly bytes: number;
  push(chunk: Uint8Array): readonly StreamItem[];
  end(): readonly StreamItem[];
}

class BinaryMessages implements Messages {
  readonly #parser = new StreamParser();
  bytes = 0;

  push(chunk: Uint8Array): readonly StreamItem[] {
    this.bytes += chunk.length;
    return this.#parser.push(chunk);
  }

  end(): readonly StreamItem[] {
    return this.#parser.end();
  }
}

class TextMessages implements Messages {
  readonly #decoder: TextDecoder;
  readonly #frames = new TextFrames();

  constructor(encoding: string) {
    this.#decoder = new TextDecoder(encoding);
  }

  get bytes(): number {
    return this.#frames.bytes;
  }

  push(chunk: Uint8Array): readonly StreamItem[] {
    return this.#frames.push(this.#decoder.decode(chunk, { stream: true }));
  }

  end(): readonly StreamItem[] {
    return [...this.#frames.push(this.#decoder.decode()), ...this.#frames.end()];
  }
}
