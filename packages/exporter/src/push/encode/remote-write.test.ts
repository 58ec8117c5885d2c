import fc from 'fast-check';
import protobuf from 'protobufjs';
import snappyjs from 'snappyjs';
import { expect, test } from 'vitest';
import { remoteWrite1, remoteWrite2 } from './remote-write.ts';
import type { Sample } from './sample.ts';

// The shapes of prompb/remote.proto, prompb/types.proto and prompb/io/prometheus/write/v2/types.proto.
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
  message Request { repeated string symbols = 4; repeated TimeSeries2 timeseries = 5; }
  message TimeSeries2 { repeated uint32 labels_refs = 1; repeated Sample samples = 2; }
`,
  { keepCase: true },
);

interface Decoded {
  readonly symbols: readonly string[];
  readonly timeseries: readonly {
    readonly labels: readonly { readonly name: string; readonly value: string }[];
    readonly labels_refs: readonly number[];
    readonly samples: readonly { readonly value: number; readonly timestamp: number }[];
  }[];
}

function decode(message: string, bytes: Buffer): Decoded {
  const type = root.lookupType(message);
  const decoded: unknown = type.toObject(type.decode(new Uint8Array(snappyjs.uncompress(bytes))), {
    longs: Number,
    arrays: true,
    defaults: true,
  });
  if (!isDecoded(decoded)) throw new TypeError('an object was expected');
  return decoded;
}

function isDecoded(value: unknown): value is Decoded {
  return typeof value === 'object' && value !== null && 'timeseries' in value;
}

const sample: fc.Arbitrary<Sample> = fc.record({
  series: fc.constantFrom('b_up', 'b_volt{device="hé\\"x",cell="3"}', 'a{Site="s",cell=""}'),
  value: fc.double({ noNaN: true }),
  time: fc.integer({ min: 0, max: 4_102_444_800_000 }),
});

const labelsOf: Readonly<Record<string, readonly string[]>> = {
  b_up: ['__name__', 'b_up'],
  'b_volt{device="hé\\"x",cell="3"}': ['__name__', 'b_volt', 'cell', '3', 'device', 'hé"x'],
  'a{Site="s",cell=""}': ['Site', 's', '__name__', 'a', 'cell', ''],
};

/** Samples by their series, as the receiver has to see them. */
function expected(samples: readonly Sample[]): unknown {
  return [...new Set(samples.map(({ series }) => series))].map((series) => ({
    labels: labelsOf[series],
    samples: samples
      .filter((each) => each.series === series)
      .map(({ value, time }) => ({ value, timestamp: time })),
  }));
}

test('the official messages of remote write 1.0 decode to what was sent', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 50 }), (samples) => {
      const { timeseries } = decode('WriteRequest', remoteWrite1(samples));
      const found = timeseries.map(({ labels, samples: each }) => ({
        labels: labels.flatMap(({ name, value }) => [name, value]),
        samples: each,
      }));
      expect(found).toEqual(expected(samples));
    }),
  );
});

test('those of 2.0 too, with every text once', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 50 }), (samples) => {
      const { symbols, timeseries } = decode('Request', remoteWrite2(samples));
      const found = timeseries.map(({ labels_refs: references, samples: each }) => ({
        labels: references.map((index) => symbols[index]),
        samples: each,
      }));
      expect(found).toEqual(expected(samples));
      expect(symbols[0]).toBe('');
      expect(new Set(symbols).size).toBe(symbols.length);
    }),
  );
});

test('a series that has ended has the staleness marker of Prometheus', () => {
  const ended = [{ series: 'a', value: Number.NaN, time: 1 }];
  for (const encode of [remoteWrite1, remoteWrite2]) {
    const bytes = Buffer.from(snappyjs.uncompress(encode(ended)));
    expect(bytes.includes(Buffer.from('020000000000f07f', 'hex'))).toBe(true);
  }
});
