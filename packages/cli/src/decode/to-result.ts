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
  type ReadingSource,
  type RecordName,
  type Variant,
} from '@ubmsc/protocol';
import type { DeviceResult } from '../formats/index.ts';
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
  const shown = options.showSecrets ? frame : redact(frame);
  const device = `frame ${number}`;
  const simulated = false;
  if (options.explain)
    return { device, simulated, records: { [frame.record]: explain(shown, layout, options) } };
  if (options.raw)
    return { device, simulated, records: { [frame.record]: recordEntries(shown, layout, options) } };
  switch (frame.record) {
    case 'deviceInfo':
      return { device, simulated, deviceInfo: toDeviceInfo(decode(layouts[variant].deviceInfo, shown)) };
    case 'cellData':
      return isBalancer(model)
        ? { device, simulated, reading: measuredBy(model, decodeReading(frame, variant, NaN)) }
        : new MeasuredRecord(device, frame, variant);
    case 'settings':
    case 'logbook':
    case 'detailLog':
      return { device, simulated, records: { [frame.record]: recordEntries(shown, layout, options) } };
  }
}

/** A record of a file, which has no time. Its reading is made when it is asked for by a format that does not print the record's bytes. */
class MeasuredRecord implements DeviceResult {
  readonly device: string;
  readonly simulated = false;
  readonly measured: { readonly frame: Frame; readonly source: ReadingSource };
  #reading: Reading | undefined;

  constructor(device: string, frame: Frame, variant: Variant) {
    this.device = device;
    this.measured = { frame, source: { variant, counter: frame.counter, time: NaN } };
  }

  get reading(): Reading {
    const { frame, source } = this.measured;
    return (this.#reading ??= decodeReading(frame, source.variant, source.time));
  }
}
