import {
  decode,
  decodeReading,
  isBalancer,
  layouts,
  measuredBy,
  redact,
  toDeviceInfo,
  type FieldOptions,
  type Frame,
  type Layout,
  type Reading,
  type RecordName,
  type Variant,
} from '@ubmsc/protocol';
import { FRAME, type DeviceResult, type MeasuredRecord } from '../formats/index.ts';
import { explain } from './explain.ts';
import { recordEntries } from '../records/record-entries.ts';
import type { FoundFrame } from './senders.ts';

export interface FrameOptions extends FieldOptions {
  /** How each field comes about, in place of the values. */
  readonly explain?: boolean | undefined;
}

/**
 * What a frame says, in the form that every format prints; undefined where the variant has no such record. Secrets
 * are out of it unless they are to be shown.
 */
export function toResult(
  { frame, number, model }: FoundFrame,
  variant: Variant,
  options: FrameOptions,
): DeviceResult | undefined {
  const records: Readonly<Partial<Record<RecordName, Layout>>> = layouts[variant];
  const layout = records[frame.record];
  if (!layout) return undefined;
  const areValues = !options.explain && !options.raw;
  if (areValues && frame.record === 'cellData' && !isBalancer(model))
    return new RecordOfCapture(frame, variant, number);
  const shown = options.showSecrets ? frame : redact(frame);
  const device = `${FRAME}${number}`;
  const simulated = false;
  if (options.explain)
    return { device, simulated, records: { [frame.record]: explain(shown, layout, options) } };
  if (options.raw)
    return { device, simulated, records: { [frame.record]: recordEntries(shown, layout, options) } };
  switch (frame.record) {
    case 'deviceInfo':
      return { device, simulated, deviceInfo: toDeviceInfo(decode(layouts[variant].deviceInfo, shown)) };
    case 'cellData':
      return { device, simulated, reading: measuredBy(model, decodeReading(frame, variant, NaN)) };
    case 'settings':
    case 'logbook':
    case 'detailLog':
      return { device, simulated, records: { [frame.record]: recordEntries(shown, layout, options) } };
  }
}

/** Its name and its reading are made when they are asked for by a format that does not print the record's bytes. */
class RecordOfCapture implements DeviceResult, MeasuredRecord {
  readonly frame: Frame;
  readonly variant: Variant;
  readonly number: number;
  readonly simulated = false;
  #reading: Reading | undefined;

  constructor(frame: Frame, variant: Variant, number: number) {
    this.frame = frame;
    this.variant = variant;
    this.number = number;
  }

  get measured(): MeasuredRecord {
    return this;
  }

  get device(): string {
    return `${FRAME}${this.number}`;
  }

  get reading(): Reading {
    return (this.#reading ??= decodeReading(this.frame, this.variant, NaN));
  }
}
