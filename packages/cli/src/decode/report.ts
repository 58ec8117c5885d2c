import {
  ACKNOWLEDGE,
  otherMaker,
  snakeCase,
  variants,
  type DiscardReason,
  type ExplainedRequest,
  type RecordName,
  type StreamItem,
  type Variant,
  type Verdict,
} from '@ubmsc/protocol';
import type { FoundFrame } from './senders.ts';

const reasons: Readonly<Record<DiscardReason, string>> = {
  noise: 'they belong to no message',
  'record-type': 'there is no record of this type',
  checksum: 'the checksum of the record is wrong',
  spliced: 'another record begins within it',
  'request-checksum': 'the checksum of the acknowledge or request is wrong',
  truncated: 'the message is not complete',
};

/** Most lines about single pieces of the stream; what is more is only counted. */
const MOST_LINES = 20;

/** Tells in lines what was found in a stream but could not be decoded, and in one line at the end what was found. */
export class Report {
  readonly #write: (line: string) => void;
  readonly #decoded = new Map<RecordName, number>();
  readonly #variants = new Set<Variant>();
  readonly #discarded = new Map<DiscardReason, number>();
  #refused = 0;
  #acknowledges = 0;
  #requests = 0;
  readonly #explained: string[] = [];
  #maker: string | undefined;
  #heartbeats = 0;
  #lines = 0;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** How many frames were decoded, and how many were not. */
  get frames(): { readonly decoded: number; readonly refused: number } {
    return { decoded: sum(this.#decoded), refused: this.#refused };
  }

  /** How many requests were explained. */
  get requests(): number {
    return this.#requests;
  }

  /** Whether there are acknowledges and nothing else. */
  get isOnlyAcknowledged(): boolean {
    return this.#acknowledges > 0 && this.#discarded.size === 0;
  }

  /** What other device the bytes are of, where they say so. */
  get maker(): string | undefined {
    return this.#maker;
  }

  /** Notes what a request means. */
  explained({ name, action, command, value, unit, bytes }: ExplainedRequest): void {
    if (this.#explained.length >= MOST_LINES) return;
    const written = value === null ? bytes : `${String(value)}${unit === null ? '' : ` ${unit}`}`;
    this.#explained.push(
      `request ${this.#explained.length + 1}: ${action === 'read' ? '' : `${action} `}${name} (${command})${written === '' ? '' : ` = ${written}`}`,
    );
  }

  /** Notes what is not a frame. */
  other(item: Exclude<StreamItem, { kind: 'frame' }>): void {
    switch (item.kind) {
      case 'heartbeat':
        this.#heartbeats++;
        return;
      case 'request':
        if (item.command === ACKNOWLEDGE) this.#acknowledges++;
        else this.#requests++;
        return;
      case 'discarded': {
        const { offset, bytes, reason } = item;
        this.#maker ??= otherMaker(bytes);
        count(this.#discarded, reason, bytes.length);
        this.#line(
          `offset ${offset}: ${many(bytes.length, 'byte')} discarded (${reason}): ${reasons[reason]}`,
        );
      }
    }
  }

  /** Notes a frame that was decoded. */
  decoded(record: RecordName, variant: Variant): void {
    count(this.#decoded, record, 1);
    this.#variants.add(variant);
  }

  /** Notes a frame that was decoded by a variant that was given, though something speaks against it. */
  misfit({ number, offset, frame }: FoundFrame, variant: Variant, reason: string): void {
    this.#line(
      `offset ${offset}: frame ${number} (${snakeCase(frame.record)}) may be read wrongly as ${variant}: ${reason}`,
    );
  }

  /** Notes a frame that cannot be decoded because there is no layout for it. */
  withoutLayout(found: FoundFrame, variant: Variant): void {
    this.#refuse(found, `variant ${variant} is not known to send it`);
  }

  /** Notes a frame that cannot be decoded because its variant cannot be told. */
  withoutVariant(found: FoundFrame, { candidates, reasons: why }: Verdict): void {
    const excluded = variants.flatMap((variant) => {
      const reason = why[variant];
      return reason === undefined ? [] : [`not ${variant}: ${reason}`];
    });
    const told = candidates.length > 0 ? `it may be ${candidates.join(' or ')}` : 'no variant explains it';
    this.#refuse(found, [told, ...excluded].join('; '));
  }

  /** Writes what was found in all. */
  end(): void {
    if (this.#lines > MOST_LINES) this.#write(`${this.#lines - MOST_LINES} more of these`);
    const { decoded, refused } = this.frames;
    if (decoded === 0) for (const line of this.#explained) this.#write(line);
    const parts = [
      `${many(decoded, 'frame')} decoded${inParentheses(this.#decoded)}${decoded > 0 ? ` as ${[...this.#variants].join(', ')}` : ''}`,
      ...(refused > 0 ? [`${many(refused, 'frame')} not decoded`] : []),
      many(this.#acknowledges, 'acknowledge'),
      ...(this.#requests > 0 ? [many(this.#requests, 'request')] : []),
      many(this.#heartbeats, 'heartbeat'),
      `${many(sum(this.#discarded), 'byte')} discarded${inParentheses(this.#discarded)}`,
    ];
    this.#write(parts.join(', '));
  }

  #refuse({ number, offset, frame }: FoundFrame, reason: string): void {
    this.#refused++;
    this.#line(`offset ${offset}: frame ${number} (${snakeCase(frame.record)}) not decoded: ${reason}`);
  }

  #line(text: string): void {
    if (++this.#lines <= MOST_LINES) this.#write(text);
  }
}

function count<Key>(counts: Map<Key, number>, key: Key, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, each) => total + each, 0);
}

function many(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function inParentheses(counts: ReadonlyMap<string, number>): string {
  const parts = [...counts].map(([name, number]) => `${number} ${snakeCase(name)}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
