// Loaded into the exporter: its clock is off by as many milliseconds as a file says, as if somebody had set it.
import { readFileSync } from 'node:fs';

const file = process.env['UBMSC_SOAK_CLOCK'] ?? '';
const TrueDate = Date;
let offset = 0;
let read = -Infinity;

function now() {
  if (performance.now() - read > 50) {
    read = performance.now();
    offset = Number(readFileSync(file, 'utf8')) || 0;
  }
  return TrueDate.now() + offset;
}

class SetDate extends TrueDate {
  /** @param {ConstructorParameters<typeof Date>} parts */
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts));
  }

  static now() {
    return now();
  }
}
Object.assign(globalThis, { Date: SetDate });
