import { expect, test } from 'vitest';
import { describeCorpus, fromHex, readCaptures, readSessions, type Session } from '../test/corpus.ts';
import { damages, randomFrom, type Damage, type Random } from '../test/damage.ts';
import { cellFields } from './cell-fields.ts';
import type { AnyFieldValue } from './field.ts';
import type { Frame } from './frame.ts';
import { variants, type Variant } from './layout.ts';
import { PlausibilityFilter } from './plausibility.ts';
import { StreamParser } from './stream-parser.ts';
import { judge } from './variant.ts';

/**
 * Damaged frames of each kind, and a tenth of it for swapped ones, of which most pass the checksum.
 * `DAMAGED_FRAMES=4000000 npx vitest run src/damage.test.ts` makes the figures firmer.
 */
const COUNT = Number(process.env['DAMAGED_FRAMES'] ?? 1_000_000);

const countOf = (kind: string): number => (kind.includes('swapped') ? COUNT / 10 : COUNT);

/** The fields that a reading shows or is computed from. */
const shown = [
  'cellVoltages',
  'enabledCells',
  'cellWireResistances',
  'mosTemperature',
  'packVoltage',
  'packCurrent',
  'temperature1',
  'temperature2',
  'temperature3',
  'temperature4',
  'temperature5',
  'alarms',
  'balanceCurrent',
  'balanceState',
  'stateOfCharge',
  'remainingCapacity',
  'fullChargeCapacity',
  'cycleCount',
  'cycleCapacity',
  'stateOfHealth',
  'totalRuntime',
  'runtimeSincePowerOn',
  'chargeMosOn',
  'dischargeMosOn',
  'heatingOn',
  'heatingCurrent',
  'chargerPlugged',
  'chargeStatus',
  'emergencyTimer',
] as const;

/** A cell data record and when it was complete, in milliseconds. */
interface Timed {
  readonly frame: Frame;
  readonly time: number;
}

interface Stream {
  readonly id: string;
  readonly device: string;
  readonly variant: Variant;
  readonly frames: readonly Timed[];
}

function toVariant(text: string): Variant {
  const variant = variants.find((each) => each === text);
  if (!variant) throw new Error(`${text} is no variant`);
  return variant;
}

function cellDataOf(chunks: readonly { readonly hex: string; readonly time: number }[]): Timed[] {
  const parser = new StreamParser();
  return chunks.flatMap(({ hex, time }) =>
    parser
      .push(fromHex(hex))
      .flatMap((item) =>
        item.kind === 'frame' && item.frame.record === 'cellData' ? [{ frame: item.frame, time }] : [],
      ),
  );
}

function streamOf({ id, variant, device, events }: Session): Stream {
  const received = events.filter(({ dir }) => dir === 'notify').map(({ hex, t_ms: time }) => ({ hex, time }));
  return { id, variant: toVariant(variant), device: String(device.model), frames: cellDataOf(received) };
}

/** Records one period apart for each step of their counter, as far as the counter tells. */
function withTimes(frames: readonly Timed[]): Timed[] {
  let time = 0;
  return frames.map(({ frame }, index) => {
    const before = frames[index - 1]?.frame.counter ?? frame.counter;
    time += 500 * ((frame.counter - before) & 0xff || 1);
    return { frame, time };
  });
}

type Fields = Readonly<Record<string, AnyFieldValue | undefined>>;

/** One step of JK04's converter in volts: values that differ by less are the same measurement. */
const CONVERTER_STEP = 0.0015;

/** Whether every value is one that a battery sent for it, in one of these records. */
function isSent(fields: Fields, sent: readonly Fields[], variant: Variant): boolean {
  const resolution = variant === 'jk04' ? CONVERTER_STEP : 0;
  const isSame = (one: unknown, other: unknown): boolean =>
    typeof one === 'number' && typeof other === 'number'
      ? Math.abs(one - other) <= resolution
      : one === other;
  return shown.every((name) => {
    const value = fields[name];
    return Array.isArray(value)
      ? value.every((each: unknown, index) => sent.some((other) => isSame(listOf(other[name])[index], each)))
      : sent.some((other) => isSame(other[name], value));
  });
}

function listOf(value: AnyFieldValue | undefined): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

interface Tally {
  /** Damaged frames that the checksum lets through. */
  passed: number;
  /** Those among them that are believed and show a value that nobody sent. */
  wrong: number;
  /** Those that are believed and are put together of two true records. */
  mixed: number;
  readonly doubts: Map<string, number>;
}

const parser = new StreamParser();

function damageOnce(tally: Tally, { variant, frames }: Stream, damage: Damage, random: Random): void {
  const at = 1 + random(frames.length - 2);
  const [before, sent, after] = frames.slice(at - 1, at + 2);
  if (!before || !sent || !after) throw new Error('the stream ended');
  const items = parser.push(damage(sent.frame.bytes, after.frame.bytes, random));
  parser.end();
  const found = items.find((item) => item.kind === 'frame');
  if (!found || Buffer.compare(found.frame.bytes, sent.frame.bytes) === 0) return;
  tally.passed++;
  const filter = new PlausibilityFilter();
  filter.observe(before.frame, variant, before.time);
  const doubt = judge(found.frame).candidates.includes(variant)
    ? filter.observe(found.frame, variant, sent.time)
    : 'variant';
  if (doubt) {
    tally.doubts.set(doubt, (tally.doubts.get(doubt) ?? 0) + 1);
    return;
  }
  const believed = cellFields(found.frame, variant);
  const one = cellFields(sent.frame, variant);
  const other = cellFields(after.frame, variant);
  if (!isSent(believed, [one, other], variant)) tally.wrong++;
  else if (!isSent(believed, [one], variant) && !isSent(believed, [other], variant)) tally.mixed++;
}

describeCorpus('of real batteries', () => {
  const streams = readSessions()
    .map(streamOf)
    .filter(({ frames }) => frames.length > 2);
  const devices = [...new Set(streams.map(({ device }) => device))].map((device) =>
    streams.filter((stream) => stream.device === device),
  );

  test('no undamaged record is doubted', () => {
    // Over RS485 the counter is the address: each is a battery of its own.
    const captured = readCaptures('captures.json')
      .filter(({ transport }) => transport === 'ble')
      .map(({ id, variant, notifications }) => ({
        id,
        variant: toVariant(variant),
        frames: withTimes(cellDataOf(notifications.map((hex) => ({ hex, time: 0 })))),
      }));
    for (const { id, variant, frames } of [...streams, ...captured]) {
      const filter = new PlausibilityFilter();
      for (const { frame, time } of frames) {
        expect(filter.observe(frame, variant, time), `${id}, counter ${frame.counter}`).toBeUndefined();
      }
    }
  });

  test('hardly any damaged record becomes a wrong reading', { timeout: 300_000 }, () => {
    const rows = Object.entries(damages).map(([kind, damage]) => {
      const random = randomFrom(20_260_101);
      const count = countOf(kind);
      const perMillion = (events: number): number => Math.round((events / count) * 1e6);
      const tally: Tally = { passed: 0, wrong: 0, mixed: 0, doubts: new Map() };
      for (let round = 0; round < count; round++) {
        const recorded = devices[random(devices.length)] ?? [];
        const stream = recorded[random(recorded.length)];
        if (stream) damageOnce(tally, stream, damage, random);
      }
      const doubts = [...tally.doubts].map(([doubt, events]) => `${doubt} ${perMillion(events)}`).join(', ');
      const counts = [tally.passed, tally.wrong, tally.mixed].map(perMillion);
      return { kind, counts, why: doubts, wrong: perMillion(tally.wrong) };
    });
    const lines = rows.map(
      ({ kind, counts, why }) =>
        `${kind.padEnd(38)}${counts.map((n) => String(n).padStart(8)).join('')}  ${why}`,
    );
    const head = [
      'damage'.padEnd(38),
      ...['passed', 'wrong', 'mixed'].map((name) => name.padStart(8)),
      '  doubted',
    ].join('');
    console.log(
      [`per million damaged frames, from ${COUNT} of each kind, a tenth of it swapped`, head, ...lines].join(
        '\n',
      ),
    );
    for (const { kind, wrong } of rows) {
      const allowed = kind.includes('swapped') ? 10_000 : 10;
      expect(wrong, kind).toBeLessThanOrEqual(allowed);
    }
  });
});
