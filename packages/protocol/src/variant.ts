import { cellFieldsReader } from './cell-fields.ts';
import type { Frame } from './frame.ts';
import { hasBit, decodeText, numberSizes } from './field.ts';
import { variants, type Variant } from './layout.ts';
import {
  cellDataJk02_24s,
  deviceInfoJk02_32s,
  deviceInfoJk04,
  layouts,
  settingsJk02_32s,
  settingsJk04,
} from './layouts/index.ts';

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
    const reason = objections[frame.record](frame, variant);
    if (reason !== undefined) reasons[variant] = reason;
    return reason === undefined;
  });
  return { candidates, reasons };
}

/** How many frames in a row must contradict the variant before it is looked for again. */
const CONTRADICTIONS = 3;

/**
 * Tells the variant of a sender from its frames, in any order. A frame that contradicts what the others say is
 * taken for damaged; when several in a row do, the sender is taken for another one.
 */
export class VariantDetector {
  readonly #override: Variant | undefined;
  #verdict: Verdict = { candidates: variants, reasons: {} };
  #contradictions = 0;

  /** An override is used without looking. */
  constructor(override?: Variant) {
    this.#override = override;
    if (override) this.#verdict = { candidates: [override], reasons: {} };
  }

  /** What is known so far: to be shown when a frame is refused. */
  get verdict(): Verdict {
    return this.#verdict;
  }

  /** The variant by which this frame can be decoded; undefined when it must not be. */
  observe(frame: Frame): Variant | undefined {
    if (this.#override) return this.#override;
    const [known, other] = this.#verdict.candidates;
    if (known !== undefined && other === undefined && objections[frame.record](frame, known) === undefined) {
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

  #startOver(seen: Verdict): void {
    this.#contradictions = 0;
    this.#verdict = seen.candidates.length > 0 ? seen : { candidates: variants, reasons: seen.reasons };
  }
}

type Objection = (frame: Frame, variant: Variant) => string | undefined;

/** Why a record cannot be of a variant, by record. */
const objections: Readonly<Record<Frame['record'], Objection>> = {
  deviceInfo: objectToDeviceInfo,
  settings: objectToSettings,
  cellData: objectToCellData,
  logbook: onlyJk02_32s,
  detailLog: onlyJk02_32s,
};

function objectToDeviceInfo({ bytes }: Frame, variant: Variant): string | undefined {
  const { commandSupport, enableFlags, manufacturingDate, serialNumber } = deviceInfoJk02_32s.fields;
  const mapped =
    anySet(bytes, commandSupport.at, commandSupport.at + commandSupport.size) || bytes[enableFlags.at] !== 0;
  if (mapped !== (variant === 'jk02-32s')) return mapped ? 'it lists its commands' : 'it lists no commands';
  if (mapped) return undefined;
  const { model: field, totalRuntime } = deviceInfoJk04.fields;
  // Some firmware sends a second record without texts (reference, section 11): what it lacks tells nothing.
  if (!anySet(bytes, field.at, totalRuntime.at)) return undefined;
  const model = decodeText(bytes, field.at, field.size);
  if (BALANCER.test(model)) return variant === 'jk04' ? undefined : `${model} is a balancer`;
  if (BATTERY_MANAGEMENT.test(model)) return variant === 'jk04' ? `${model} is not a balancer` : undefined;
  const dated = decodeText(bytes, manufacturingDate.at, manufacturingDate.size) !== '';
  const numbered = decodeText(bytes, serialNumber.at, serialNumber.size) !== '';
  if (variant === 'jk04' && dated && numbered) return 'it has a date and a serial number';
  if (variant === 'jk02-24s' && !dated && !numbered) return 'it has neither date nor serial number';
  return undefined;
}

/** JK04 is spoken by balancers, which measure no current: their models end with the number of cells (section 4.1). */
const BALANCER = /^JK[-_]B[A-Z]*\d+A\d+S\b/;

/** Models of battery management systems go on with the current, such as `20P` for 200 A. */
const BATTERY_MANAGEMENT = /^JK[-_]B[A-Z]*\d+A\d+S[A-Z]*\d*P\b/;

/** Every JK04 device begins its settings with 1.0. */
const ONE = [0x00, 0x00, 0x80, 0x3f];

function objectToSettings({ bytes }: Frame, variant: Variant): string | undefined {
  const { at } = settingsJk04.fields.unknown6;
  const one = ONE.every((byte, index) => bytes[at + index] === byte);
  if (one !== (variant === 'jk04'))
    return one ? 'it begins with 1.0 as a float' : 'it does not begin with 1.0';
  if (one) return undefined;
  const { enableFlags, smartSleepTime } = settingsJk02_32s.fields;
  const mapped = anySet(bytes, enableFlags.at, enableFlags.at + enableFlags.size);
  if (mapped !== (variant === 'jk02-32s')) return mapped ? 'it lists its registers' : 'it lists no registers';
  // JK02_24S leaves everything behind the wire resistances empty.
  return !mapped && anySet(bytes, 254, smartSleepTime.at + 1) ? 'bytes 254 to 286 are not empty' : undefined;
}

function objectToCellData(frame: Frame, variant: Variant): string | undefined {
  return objectToStructure(frame.bytes, variant) ?? objectToSum(frame, variant);
}

function objectToStructure(bytes: Uint8Array, variant: Variant): string | undefined {
  const mapped = isMapped(bytes);
  if (mapped !== (variant === 'jk02-32s'))
    return mapped ? 'it maps its fields' : 'it does not map its fields';
  if (mapped) return undefined;
  const behind = anySet(bytes, 218, 299);
  if (variant === 'jk04' && !behind) return 'bytes 218 to 298 are empty';
  // Cells that add up are proof enough; without any, only this tells.
  const { enabledCells } = cellDataJk02_24s.fields;
  if (variant === 'jk02-24s' && behind && !anySet(bytes, enabledCells.at, enabledCells.at + 4))
    return 'it has no cells, and bytes 218 to 298 are not empty';
  return undefined;
}

/**
 * Whether there is a map of enabled fields. Bits 1 to 7 and 16 to 22 are set on every device that has one, and bit 23 on
 * none yet: as a time since power-on of JK04 that would be 68 years.
 */
function isMapped(bytes: Uint8Array): boolean {
  return bytes[287] === 0xfe && ((bytes[289] ?? 0) & 0x7f) === 0x7f;
}

const readPack = cellFieldsReader(['enabledCells', 'packVoltage']);

/** Cells in volts outside of this are not cells. */
const CELL_LIMIT = 5.5;

/** How far the cells may be from the pack voltage, as a share and in volts. */
const SUM_TOLERANCE = { share: 0.005, volts: 0.02 };

function objectToSum(frame: Frame, variant: Variant): string | undefined {
  const { enabledCells, packVoltage } = readPack(frame, variant);
  const { bytes } = frame;
  const { at, count, type } = layouts[variant].cellData.fields.cellVoltages;
  const size = numberSizes[type];
  if (enabledCells >= 2 ** count) return 'it has more cells than the layout';
  if (enabledCells === 0 && anySet(bytes, at, at + count * size)) return 'it has voltages and no cells';
  const floats = type === 'f32' ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) : undefined;
  const end = 32 - Math.clz32(enabledCells);
  let sum = 0;
  let last = 0;
  let silent = 0;
  for (let index = 0; index < end; index++) {
    if (!hasBit(enabledCells, index)) continue;
    const start = at + index * size;
    const cell = floats
      ? floats.getFloat32(start, true)
      : ((bytes[start] ?? 0) | ((bytes[start + 1] ?? 0) << 8)) / 1000;
    if (!(cell >= 0 && cell <= CELL_LIMIT)) return `cell ${index + 1} would be at ${cell} V`;
    sum += cell;
    last = cell;
    if (cell === 0) silent++;
  }
  const tolerance = SUM_TOLERANCE.volts + packVoltage * SUM_TOLERANCE.share;
  // A cell whose wire is broken reads 0 V and is in the pack all the same.
  if (packVoltage >= sum - tolerance && packVoltage <= sum + tolerance + silent * CELL_LIMIT)
    return undefined;
  // When a cell was added to the settings, the pack voltage is for one frame that of before.
  if (Math.abs(packVoltage + last - sum) <= tolerance) return undefined;
  return `its cells add up to ${sum.toFixed(3)} V, its pack has ${packVoltage.toFixed(3)} V`;
}

/** Only this variant is known to have logs. */
function onlyJk02_32s(_frame: Frame, variant: Variant): string | undefined {
  return variant === 'jk02-32s' ? undefined : 'it keeps no log';
}

function anySet(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return true;
  return false;
}
