import { decodeReading, type Reading } from '@ubmsc/protocol';
import type { SimulatedDevice } from '@ubmsc/simulator';

/** How long after a battery has measured something it may still be shown, in milliseconds. */
const FRESH = 15_000;

/** Knows what a simulated battery has really measured. */
export class Truth {
  #measured: { readonly values: string; readonly time: number }[] = [];

  constructor(device: SimulatedDevice) {
    const measure = device.cellData.bind(device);
    device.cellData = () => {
      const frame = measure();
      const reading = decodeReading(frame, device.variant, 0);
      const now = performance.now();
      this.#measured = this.#measured.filter(({ time }) => now - time <= FRESH);
      this.#measured.push({ values: valuesOf(reading), time: now });
      return frame;
    };
  }

  /** Whether the battery has measured exactly this, lately. */
  has(reading: Reading): boolean {
    const values = valuesOf(reading);
    const now = performance.now();
    return this.#measured.some((each) => now - each.time <= FRESH && each.values === values);
  }
}

function valuesOf(reading: Reading): string {
  return JSON.stringify({ ...reading, source: undefined, doubt: undefined });
}
