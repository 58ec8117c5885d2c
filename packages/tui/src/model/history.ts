import {
  decodeReading,
  type Doubt,
  type Frame,
  FRAME_LENGTH,
  layouts,
  type NumberField,
  numberSizes,
  type Reading,
  readNumber,
  toFrame,
  type Variant,
  variants,
} from '@ubmsc/protocol';
import type { Bucket } from '../text/bucket.ts';

/** What can speak against a reading. */
const doubts: readonly Doubt[] = ['pace', 'copy', 'slots', 'constants', 'flicker'];

/** Samples are kept in chunks of this size. */
const CHUNK = 128;

/** After a sample, time without another one is bridged for this long, in milliseconds. */
const BRIDGED = 10_000;

/** What graphs show. Everything else is in the frames. */
const quantities = {
  batteryVoltage: (reading) => reading.batteryVoltage,
  batteryCurrent: (reading) => reading.batteryCurrent,
  batteryPower: (reading) => reading.batteryPower,
  deltaCellVoltage: (reading) => reading.deltaCellVoltage,
  lowestCellVoltage: (reading) => reading.lowestCellVoltage,
  highestCellVoltage: (reading) => reading.highestCellVoltage,
  remainPercent: (reading) => reading.remainPercent,
  temperature: hottest,
} as const satisfies Readonly<Record<string, (reading: Reading) => number | null>>;

export type Quantity = keyof typeof quantities;

const isQuantity = (name: string): name is Quantity => Object.hasOwn(quantities, name);

const quantityNames: readonly Quantity[] = Object.keys(quantities).filter(isQuantity);

/** The highest of all temperatures, in °C. */
export function hottest({ batteryTemperature, mosfetTemperature }: Reading): number | null {
  const known = [...batteryTemperature, mosfetTemperature].filter((each) => each !== null);
  return known.length === 0 ? null : Math.max(...known);
}

interface Chunk {
  readonly times: Float64Array;
  readonly clocks: Float64Array;
  readonly values: Readonly<Record<Quantity, Float32Array>>;
  readonly variants: Uint8Array;
  /** What speaks against a reading, as an index of `doubts` from 1; 0 for nothing. */
  readonly doubts: Uint8Array;
  readonly staleAfter: Float32Array;
  readonly frames: Uint8Array;
}

/** One remembered reading. */
export interface Sample {
  /** When it came, by the source's clock. */
  readonly time: number;
  readonly reading: Reading;
  readonly frame: Frame;
  /** Age after which it was stale, in milliseconds. */
  readonly staleAfter: number;
}

/**
 * What a battery has said within some time, the last hour for example. Frames are kept and decoded again when they are looked at: so an hour
 * takes 2 MB, and everything that could be seen then can be seen again.
 */
export class History {
  readonly #chunks: Chunk[] = [];
  /** How many samples were dropped from the front, and how many there were altogether. */
  #dropped = 0;
  #end = 0;
  readonly #span: number;

  /** Readings are remembered for `span` milliseconds. */
  constructor(span: number) {
    this.#span = span;
  }

  /** Number of the oldest sample; samples have numbers that only grow. */
  get start(): number {
    return this.#dropped;
  }

  /** Number that the next sample will have. */
  get end(): number {
    return this.#end;
  }

  /** Remembers a reading that came at a time; should the clock step back, it counts as still. */
  add(now: number, reading: Reading, frame: Frame, staleAfter: number): void {
    const time = Math.max(now, this.timeOf(this.#end - 1));
    while (this.#chunks.length > 1 && (this.#chunks[0]?.times[CHUNK - 1] ?? time) < time - this.#span) {
      this.#chunks.shift();
      this.#dropped += CHUNK;
    }
    const slot = this.#end % CHUNK;
    if (slot === 0) this.#chunks.push(newChunk());
    const chunk = this.#chunks.at(-1);
    if (!chunk) return;
    chunk.times[slot] = time;
    chunk.clocks[slot] = reading.source.time;
    chunk.staleAfter[slot] = staleAfter;
    chunk.variants[slot] = variants.indexOf(reading.source.variant);
    chunk.frames.set(frame.bytes.subarray(0, FRAME_LENGTH), slot * FRAME_LENGTH);
    // A doubtful reading is looked at, but is in no graph and no extreme.
    chunk.doubts[slot] = reading.doubt === undefined ? 0 : 1 + doubts.indexOf(reading.doubt);
    const isDoubtful = reading.doubt !== undefined;
    for (const name of quantityNames)
      chunk.values[name][slot] = isDoubtful ? NaN : (quantities[name](reading) ?? NaN);
    this.#end++;
  }

  /** Time of a sample by its number; −∞ when there is none. */
  timeOf(number: number): number {
    return this.#chunkOf(number)?.times[number % CHUNK] ?? -Infinity;
  }

  /** A quantity of a sample by its number; NaN when there is none. */
  valueOf(name: Quantity, number: number): number {
    return this.#chunkOf(number)?.values[name][number % CHUNK] ?? NaN;
  }

  /** Number of the latest sample at or before a time; one less than `start` when there is none. */
  indexAt(time: number): number {
    let low = this.#dropped;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.timeOf(middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** A sample by its number. */
  sample(number: number): Sample | undefined {
    const chunk = this.#chunkOf(number);
    if (!chunk) return undefined;
    const slot = number % CHUNK;
    const frame = toFrame(chunk.frames.slice(slot * FRAME_LENGTH, (slot + 1) * FRAME_LENGTH));
    const variant = variants[chunk.variants[slot] ?? 0];
    if (typeof frame === 'string' || variant === undefined) return undefined;
    return {
      time: chunk.times[slot] ?? 0,
      reading: decodeReading(frame, variant, chunk.clocks[slot] ?? 0, doubts[(chunk.doubts[slot] ?? 0) - 1]),
      frame,
      staleAfter: chunk.staleAfter[slot] ?? 0,
    };
  }

  /** The last sample at or before a time. */
  at(time: number): Sample | undefined {
    return this.sample(this.indexAt(time));
  }

  /** When a quantity was the largest; undefined when it never was told. */
  timeOfLargest(name: Quantity): number | undefined {
    let largest = -Infinity;
    let time: number | undefined;
    for (const chunk of this.#chunks) {
      for (const [slot, value] of chunk.values[name].entries()) {
        if (!(value > largest) || chunk.times[slot] === Infinity) continue;
        largest = value;
        time = chunk.times[slot];
      }
    }
    return time;
  }

  /** A quantity over time, in `count` buckets that end at `to`; nothing of it is later than `until`. */
  quantity(name: Quantity, from: number, to: number, count: number, until = to): Bucket[] {
    return this.#buckets(from, to, count, until, (chunk, slot) => chunk.values[name][slot] ?? NaN);
  }

  /** The voltage of one cell over time, in V, in such buckets. */
  cellVoltage(cell: number, from: number, to: number, count: number, until = to): Bucket[] {
    return this.#buckets(from, to, count, until, (chunk, slot) => cellValue(chunk, slot, cellVoltages, cell));
  }

  /** The voltage of each cell over time, in V, at the end of each of such buckets. */
  allCells(cells: number, from: number, to: number, count: number, until = to): Bucket[][] {
    const moments = this.#cellsAt(cells, from, to, count, until);
    return Array.from({ length: cells }, (_, cell) =>
      moments.map((own): Bucket => {
        const value = own[cell];
        if (value === undefined || Number.isNaN(value)) return undefined;
        return { low: value, high: value, mean: value, last: value };
      }),
    );
  }

  /**
   * How far each cell was from the mean of all, in V, at the end of each of `count` stretches of time up to `to`; empty
   * where nothing came.
   */
  deviations(cells: number, from: number, to: number, count: number, until = to): (readonly number[])[] {
    return this.#cellsAt(cells, from, to, count, until).map((own) => {
      const mean = own.reduce((sum, each) => sum + each, 0) / cells;
      return own.map((each) => each - mean);
    });
  }

  /** The voltage of each cell, in V, at the end of each of `count` stretches of time; empty where nothing came. */
  #cellsAt(cells: number, from: number, to: number, count: number, until: number): (readonly number[])[] {
    const length = (to - from) / count;
    return Array.from({ length: count }, (_, index) => {
      const end = Math.min(from + (index + 1) * length, until);
      const number = this.indexAt(end);
      if (this.timeOf(number) < end - Math.max(length, BRIDGED) || end <= from + index * length) return [];
      return Array.from({ length: cells }, (__, cell) => this.cellVoltageOf(cell, number));
    });
  }

  /** How far one cell is from the mean of all over time, in V, in such buckets. */
  cellDeviation(cell: number, from: number, to: number, count: number, until = to): Bucket[] {
    const cells = this.at(until)?.reading.cellVoltage.length ?? 0;
    return this.#buckets(from, to, count, until, (chunk, slot) => {
      let sum = 0;
      for (let each = 0; each < cells; each++) sum += cellValue(chunk, slot, cellVoltages, each);
      return cellValue(chunk, slot, cellVoltages, cell) - sum / cells;
    });
  }

  /** The resistance of one cell's balance lead over time, in Ω, in such buckets. */
  cellResistance(cell: number, from: number, to: number, count: number, until = to): Bucket[] {
    return this.#buckets(from, to, count, until, (chunk, slot) =>
      cellValue(chunk, slot, cellResistances, cell),
    );
  }

  /** The voltage of one cell in a sample, in V; NaN when there is none. */
  cellVoltageOf(cell: number, number: number): number {
    const chunk = this.#chunkOf(number);
    return chunk ? cellValue(chunk, number % CHUNK, cellVoltages, cell) : NaN;
  }

  #chunkOf(number: number): Chunk | undefined {
    if (number < this.#dropped || number >= this.#end) return undefined;
    return this.#chunks[Math.floor((number - this.#dropped) / CHUNK)];
  }

  #buckets(
    from: number,
    to: number,
    count: number,
    until: number,
    valueOf: (chunk: Chunk, slot: number) => number,
  ): Bucket[] {
    const buckets = Array<Bucket>(count).fill(undefined);
    const length = (to - from) / count;
    let bridge = NaN;
    let bridgedUntil = -Infinity;
    let number = Math.max(this.#dropped, this.indexAt(from - BRIDGED));
    const last = this.indexAt(until);
    for (let index = 0; index < count; index++) {
      const end = from + (index + 1) * length;
      let low = Infinity;
      let high = -Infinity;
      let latest = NaN;
      let sum = 0;
      let samples = 0;
      for (; number <= last; number++) {
        const chunk = this.#chunkOf(number);
        const slot = number % CHUNK;
        const time = chunk?.times[slot] ?? Infinity;
        if (!chunk || time > end) break;
        const value = valueOf(chunk, slot);
        bridge = value;
        bridgedUntil = time + BRIDGED;
        if (time <= end - length || Number.isNaN(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
        latest = value;
        sum += value;
        samples++;
      }
      if (low <= high) buckets[index] = { low, high, mean: sum / samples, last: latest };
      else if (bridgedUntil >= end && number <= last && !Number.isNaN(bridge))
        buckets[index] = { low: bridge, high: bridge, mean: bridge, last: bridge };
    }
    return buckets;
  }
}

type CellField = (variant: Variant) => NumberField;

const cellVoltages: CellField = (variant) => layouts[variant].cellData.fields.cellVoltages;

const cellResistances: CellField = (variant) => layouts[variant].cellData.fields.cellWireResistances;

/** A value of one cell, read from the frame of a sample. */
function cellValue(chunk: Chunk, slot: number, field: CellField, cell: number): number {
  const variant = variants[chunk.variants[slot] ?? 0];
  if (variant === undefined || chunk.doubts[slot] !== 0) return NaN;
  const { at, type, divisor = 1 }: NumberField = field(variant);
  const view = new DataView(chunk.frames.buffer, slot * FRAME_LENGTH, FRAME_LENGTH);
  return readNumber(view, type, at + cell * numberSizes[type]) / divisor;
}

function newChunk(): Chunk {
  const column = (): Float32Array => new Float32Array(CHUNK);
  return {
    times: new Float64Array(CHUNK).fill(Infinity),
    clocks: new Float64Array(CHUNK),
    values: {
      batteryVoltage: column(),
      batteryCurrent: column(),
      batteryPower: column(),
      deltaCellVoltage: column(),
      lowestCellVoltage: column(),
      highestCellVoltage: column(),
      remainPercent: column(),
      temperature: column(),
    },
    staleAfter: new Float32Array(CHUNK),
    variants: new Uint8Array(CHUNK),
    doubts: new Uint8Array(CHUNK),
    frames: new Uint8Array(CHUNK * FRAME_LENGTH),
  };
}
