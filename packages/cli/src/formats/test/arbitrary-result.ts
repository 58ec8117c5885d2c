import { labelValue } from '@ubmsc/exporter';
import {
  alarms,
  measurements,
  type Measurement,
  type MeasurementGroup,
  type MeasurementValues,
} from '@ubmsc/protocol';
import fc from 'fast-check';
import type { DeviceResult, Result } from '../result.ts';

const ambiguous = [
  '',
  '__proto__',
  'null',
  'None',
  '~',
  '–',
  'no',
  '0',
  '1_0',
  '12:30',
  '2024-01-01',
  '- a',
  'nan',
];
const special = [
  '"',
  "'",
  '\\',
  '\n',
  '\r',
  '\t',
  '\0',
  '\u{1b}',
  '\u{7f}',
  '\u{9b}',
  '\u{85}',
  '#',
  ': ',
  ' ',
];
const wide = [
  '🔋',
  'é',
  '\u{301}',
  'א',
  '\u{202e}',
  '\u{2066}',
  '\u{2028}',
  '\u{feff}',
  '\u{ffff}',
  '\ud800',
  '\udc00',
];

/** Text as a broken or hostile device may send it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ambiguous),
  fc.string({
    unit: fc.oneof(fc.constantFrom(...special, ...wide), fc.string({ maxLength: 1 })),
    maxLength: 16,
  }),
);

function arbitraryScalar({ kind, unit }: Measurement): fc.Arbitrary<unknown> {
  if (kind === 'state') return fc.boolean();
  if (kind === 'text') return hostileText;
  if (unit === undefined || unit === '%' || unit === 's') return fc.nat(0xffff_ffff);
  const thousandths = fc.integer({ min: kind === 'counter' ? 0 : -0x8000_0000 }).map((raw) => raw / 1000);
  const float = fc.float({ noNaN: true, noDefaultInfinity: true });
  // No format but YAML and Rust tells 0 from −0.
  return kind === 'counter' ? thousandths : fc.oneof(thousandths, float).map((value) => value + 0);
}

function arbitraryValue(measurement: Measurement): fc.Arbitrary<unknown> {
  if (measurement.kind === 'alarms') return fc.subarray(Object.keys(alarms));
  const value = fc.option(arbitraryScalar(measurement));
  return measurement.per === undefined ? value : fc.array(value, { maxLength: 32 });
}

function arbitraryValues<G extends MeasurementGroup>(group: G): fc.Arbitrary<MeasurementValues<G>> {
  const table: Readonly<Record<string, Measurement>> = measurements[group];
  const values = fc.record(
    Object.fromEntries(
      Object.entries(table).map(([name, measurement]) => [name, arbitraryValue(measurement)]),
    ),
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets which name has which type
  return values as fc.Arbitrary<MeasurementValues<G>>;
}

const source = fc.record({
  variant: fc.constant('jk02-32s' as const),
  counter: fc.nat(255),
  time: fc.nat(4_000_000_000_000),
});

export const arbitraryDevice: fc.Arbitrary<DeviceResult> = fc.record({
  device: hostileText,
  name: fc.option(hostileText, { nil: undefined }),
  address: hostileText,
  simulated: fc.boolean(),
  deviceInfo: fc.option(arbitraryValues('deviceInfo'), { nil: undefined }),
  reading: fc.option(
    fc.tuple(arbitraryValues('cellData'), source).map(([values, from]) => ({ ...values, source: from })),
    { nil: undefined },
  ),
});

export const arbitraryResult: fc.Arbitrary<Result> = fc.record({
  devices: fc.uniqueArray(arbitraryDevice, { selector: ({ device }) => labelValue(device), maxLength: 3 }),
});
