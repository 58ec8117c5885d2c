import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bar } from './bar.ts';
import { bucketsOf, graph, graphStyles, type GraphStyle } from './graph.ts';
import type { Bucket } from './bucket.ts';
import { plainText } from './line.ts';
import type { Scale } from './scale.ts';

const flat = (value: number): Bucket => ({ low: value, high: value, mean: value, last: value });
const scale = { low: 0, high: 10 };

/** The graph as text. */
function drawn(buckets: readonly Bucket[], rows: number, on: Scale, style: GraphStyle): string[] {
  return graph(buckets, rows, on, style, () => 'text').map(plainText);
}

describe('a graph', () => {
  test('in blocks is as high as its values', () => {
    expect(drawn([0, 2.5, 5, 10].map(flat), 1, scale, 'block')).toEqual(['▁▂▄█']);
    expect(drawn([0, 5, 10].map(flat), 2, scale, 'block')).toEqual(['  █', '▁██']);
  });

  test('in ASCII has no other characters', () => {
    expect(drawn([0, 5, 10].map(flat), 1, scale, 'ascii')).toEqual(['.=#']);
  });

  test('in braille has two values in each character, joined by lines', () => {
    expect(drawn([0, 0, 10, 10].map(flat), 1, scale, 'braille')).toEqual(['⣀⠏']);
  });

  test('shows a short peak among many values', () => {
    const peak: Bucket = { low: 0, high: 10, mean: 1, last: 0 };
    expect(drawn([flat(0), flat(0), peak, flat(0)], 1, scale, 'braille')).toEqual(['⣀⣇']);
  });

  test('shows a short peak and a short dip in every style, wherever in a column they are', () => {
    const around = (...values: readonly number[]): Bucket => ({
      low: Math.min(...values),
      high: Math.max(...values),
      mean: values.reduce((sum, each) => sum + each, 0) / values.length,
      last: values.at(-1) ?? 0,
    });
    for (const values of [
      [10, 5, 5],
      [5, 10, 5],
      [5, 5, 10],
    ]) {
      const peak = [flat(5), around(...values), flat(5)];
      expect(drawn(peak, 1, scale, 'block')).toEqual(['▄█▄']);
      expect(drawn(peak, 1, scale, 'ascii')).toEqual(['=#=']);
      const dip = [flat(5), around(...values.map((value) => 10 - value)), flat(5)];
      expect(drawn(dip, 1, scale, 'block')).toEqual(['▄▁▄']);
      expect(drawn(dip, 1, scale, 'ascii')).toEqual(['=.=']);
    }
    const both = { low: -10, high: 10 };
    expect(drawn([flat(0), around(-10, 0), flat(0)], 2, both, 'block')).toEqual(['╌ ╌', ' █ ']);
  });

  test('of a current grows up from zero while it charges, and down while it discharges', () => {
    const both = { low: -10, high: 10 };
    expect(drawn([10, 5, 0, -5, -10].map(flat), 2, both, 'block')).toEqual(['█▄╌  ', '   ▀█']);
    expect(drawn([10, 5, 0, -5, -10].map(flat), 2, both, 'ascii')).toEqual(['#=╌  ', '   =#']);
    expect(drawn([0, 0, -10, -10].map(flat), 1, { low: -10, high: 0 }, 'block')).toEqual(['▀▀██']);
    const roles = graph([10, 0, -10].map(flat), 1, both, 'block', (value) =>
      value > 0 ? 'charge' : 'discharge',
    );
    expect(roles[0]?.map(({ role }) => role)).toEqual(['charge', 'dim', 'discharge']);
  });

  test('of a current that came and went within a column has the colour of that current', () => {
    const passing = { low: -10, high: 0, mean: -5, last: 0 };
    for (const pair of [
      [flat(0), passing],
      [passing, flat(0)],
    ]) {
      const [line] = graph(pair, 1, { low: -10, high: 0 }, 'braille', (value) =>
        value < 0 ? 'discharge' : 'dim',
      );
      expect(line?.map(({ role }) => role)).toEqual(['discharge']);
    }
  });

  test('in braille has a dotted line of zero where values are on both sides of it', () => {
    const both = { low: -10, high: 10 };
    expect(drawn([10, 10, 10, 10].map(flat), 2, both, 'braille')).toEqual(['⡉⡉', '  ']);
  });

  test('is blank where there are no values', () => {
    for (const style of graphStyles) {
      expect(drawn([undefined, undefined, undefined, undefined], 1, scale, style)[0]?.trim()).toBe('');
    }
  });

  test('takes the room that it was given, whatever the values', () => {
    const value = fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }).map(flat), { nil: undefined });
    fc.assert(
      fc.property(
        fc.constantFrom(...graphStyles),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(value),
        (style, columns, rows, values) => {
          const buckets = Array.from(
            { length: bucketsOf(columns, style) },
            (): Bucket => values.next().value,
          );
          const lines = drawn(buckets, rows, scale, style);
          expect(lines.map(({ length }) => length)).toEqual(Array.from({ length: rows }, () => columns));
        },
      ),
    );
  });
});

describe('a bar', () => {
  test('is filled in eighths of a column', () => {
    expect(bar(0.5, 4)).toEqual({ fill: '██', track: '··' });
    expect(bar(1 / 32, 4)).toEqual({ fill: '▏', track: '···' });
    expect(bar(1, 4)).toEqual({ fill: '████', track: '' });
  });

  test('is empty for nothing only, and never longer than its room', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 2, noNaN: true }),
        fc.integer({ min: 1, max: 50 }),
        (part, width) => {
          const { fill, track } = bar(part, width);
          expect(fill.length + track.length).toBe(width);
          expect(fill === '').toBe(part <= 0);
        },
      ),
    );
  });
});
