import { cellFieldsReader } from './cell-fields.ts';
import type { Frame } from './frame.ts';
import { hasBit, numberSizes } from './field.ts';
import type { VariantLayouts } from './layout.ts';
import { anySet } from './layouts/common/structure.ts';
import { layouts, ofVariants, variants, type Variant } from './layouts/index.ts';

/** What one frame says about the variant of its sender. */
export interface Verdict {
  /** The variants that the frame can be of: one when it is told, more when it is not, none for a damaged frame. */
  readonly candidates: readonly Variant[];
  /** Why it can be of none of the others, or why a frame was refused. */
  readonly reasons: Readonly<Partial<Record<Variant, string>>>;
}

/** Judges one frame by its structure and by what must agree in it, never by a version (reference, section 4.3). */
export function judge(frame: Frame): Verdict {
  const reasons: Partial<Record<Variant, string>> = {};
  const candidates = variants.filter((variant) => {
    const reason = objection(frame, variant);
    if (reason !== undefined) reasons[variant] = reason;
    return reason === undefined;
  });
  return { candidates, reasons };
}

/** Whether a frame can be of this variant; {@link judge} also says why not. */
export function fits(frame: Frame, variant: Variant): boolean {
  return objection(frame, variant) === undefined;
}

/** How a variant that is given goes with a frame. */
export interface Fit {
  /** Whether the frame is decoded by it. */
  readonly isUsed: boolean;
  /** What speaks against it; undefined when it fits. */
  readonly objection: string | undefined;
}

/** A variant that is given is for devices that nobody knows: it is used where it fits, and where no other does. */
export function fitOf(frame: Frame, given: Variant): Fit {
  const reason = objection(frame, given);
  return { isUsed: reason === undefined || judge(frame).candidates.length === 0, objection: reason };
}

/** How many frames in a row must contradict the variant before it is looked for again. */
const CONTRADICTIONS = 3;

/**
 * Tells the variant of a sender from its frames, in any order. A frame that contradicts what the others say is
 * taken for damaged; when several in a row do, the sender is taken for another one.
 */
export class VariantDetector {
  readonly #given: Variant | undefined;
  /** A frame has fitted the variant that was given. */
  #hasFitted = false;
  #misfit: string | undefined;
  #verdict: Verdict = { candidates: variants, reasons: {} };
  #contradictions = 0;

  /** A variant that is given is used as {@link fitOf} says. */
  constructor(given?: Variant) {
    this.#given = given;
    if (given) this.#verdict = { candidates: [given], reasons: {} };
  }

  /** What speaks against the variant that was given, of the latest frame that was decoded by it all the same. */
  get misfit(): string | undefined {
    return this.#misfit;
  }

  /** What is known so far: to be shown when a frame is refused. */
  get verdict(): Verdict {
    return this.#verdict;
  }

  /** The variant by which this frame can be decoded; undefined when it must not be. */
  observe(frame: Frame): Variant | undefined {
    if (this.#given) return this.#observeGiven(frame, this.#given);
    const [known, other] = this.#verdict.candidates;
    if (known !== undefined && other === undefined && fits(frame, known)) {
      this.#contradictions = 0;
      return known;
    }
    const seen = judge(frame);
    const agreed = this.#verdict.candidates.filter((variant) => seen.candidates.includes(variant));
    if (agreed.length === 0) {
      this.#contradictions++;
      const undecided = this.#verdict.candidates.length !== 1;
      if (undecided || this.#contradictions >= CONTRADICTIONS) this.#startOver(seen);
      else this.#verdict = { ...this.#verdict, reasons: { ...this.#verdict.reasons, ...seen.reasons } };
      return undefined;
    }
    this.#contradictions = 0;
    this.#verdict = { candidates: agreed, reasons: { ...this.#verdict.reasons, ...seen.reasons } };
    return agreed.length === 1 ? agreed[0] : undefined;
  }

  #observeGiven(frame: Frame, given: Variant): Variant | undefined {
    const { isUsed, objection: reason } = fitOf(frame, given);
    if (reason === undefined) this.#hasFitted = true;
    // Once it has fitted, a frame that does not is damaged.
    if (isUsed && (reason === undefined || !this.#hasFitted)) {
      this.#misfit = reason;
      return given;
    }
    this.#verdict = judge(frame);
    return undefined;
  }

  #startOver(seen: Verdict): void {
    this.#contradictions = 0;
    this.#verdict = seen.candidates.length > 0 ? seen : { candidates: variants, reasons: seen.reasons };
  }
}

/** Why a record cannot be of a variant. */
function objection(frame: Frame, variant: Variant): string | undefined {
  const { [frame.record]: layout }: VariantLayouts = layouts[variant];
  if (layout === undefined) return 'its logs are not known';
  const reason = layout.objection?.(frame.bytes);
  return reason ?? (frame.record === 'cellData' ? objectToSum(frame, variant) : undefined);
}

const readPack = cellFieldsReader(['enabledCells', 'packVoltage']);

/** Cells in volts outside of this are not cells. */
const CELL_LIMIT = 5.5;

/** How far the cells may be from the pack voltage, as a share and in volts. */
const SUM_TOLERANCE = { share: 0.005, volts: 0.02 };

const voltages = ofVariants((variant) => {
  const { at, count, type } = layouts[variant].cellData.fields.cellVoltages;
  return { at, count, size: numberSizes[type], type };
});

function objectToSum(frame: Frame, variant: Variant): string | undefined {
  const { enabledCells, packVoltage } = readPack(frame, variant);
  const { bytes } = frame;
  const { at, count, size, type } = voltages[variant];
  const end = 32 - Math.clz32(enabledCells);
  if (end > count) return 'it has more cells than the layout';
  if (enabledCells === 0 && anySet(bytes, at, at + count * size)) return 'it has voltages and no cells';
  const divisor = type === 'f32' ? 1 : 1000;
  const floats = type === 'f32' ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) : undefined;
  let total = 0;
  let last = 0;
  let silent = 0;
  for (let index = 0; index < end; index++) {
    if (!hasBit(enabledCells, index)) continue;
    const start = at + index * size;
    const cell = floats
      ? floats.getFloat32(start, true)
      : (bytes[start] ?? 0) | ((bytes[start + 1] ?? 0) << 8);
    if (!(cell >= 0 && cell <= CELL_LIMIT * divisor))
      return `cell ${index + 1} would be at ${cell / divisor} V`;
    total += cell;
    last = cell;
    if (cell === 0) silent++;
  }
  const sum = total / divisor;
  const tolerance = SUM_TOLERANCE.volts + packVoltage * SUM_TOLERANCE.share;
  // A cell whose wire is broken reads 0 V and is in the pack all the same.
  if (packVoltage >= sum - tolerance && packVoltage <= sum + tolerance + silent * CELL_LIMIT)
    return undefined;
  // When a cell was added to the settings, the pack voltage is for one frame that of before.
  if (Math.abs(packVoltage + last / divisor - sum) <= tolerance) return undefined;
  return `its cells add up to ${sum.toFixed(3)} V, its pack has ${packVoltage.toFixed(3)} V`;
}
