import { Bytes, sampleSize } from './bytes.ts';
import { perSeries, type Sample, type Series } from './sample.ts';
import { snappy } from './snappy.ts';

type Labels = Series['labels'];

/** In the order of their names, the metric's among them, as the receiver wants them. */
function sorted({ name, labels }: Series): Labels {
  const all: Labels = [['__name__', name], ...labels];
  return all.toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** The samples of each series, in the order of their times. */
function bySeries(samples: readonly Sample[]): ReadonlyMap<string, readonly Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const group = groups.get(sample.series);
    if (group) group.push(sample);
    else groups.set(sample.series, [sample]);
  }
  return groups;
}

const labelFields = perSeries((series) => {
  const bytes = new Bytes();
  for (const [name, value] of sorted(series)) {
    bytes.field(1, new Bytes().field(1, Buffer.from(name)).field(2, Buffer.from(value)).written);
  }
  return Buffer.from(bytes.written);
});

/** A `prometheus.WriteRequest`: remote write 1.0 (https://prometheus.io/docs/specs/prw/remote_write_spec/). */
export function remoteWrite1(samples: readonly Sample[]): Buffer {
  const bytes = new Bytes();
  for (const [series, group] of bySeries(samples)) {
    const labels = labelFields(series);
    const size = group.reduce((sum, { time }) => sum + sampleSize(time), labels.length);
    bytes.varint(10).varint(size).raw(labels);
    for (const { value, time } of group) bytes.sample(2, value, time);
  }
  return snappy(bytes.written);
}

const sortedLabels = perSeries(sorted);

/**
 * An `io.prometheus.write.v2.Request`: remote write 2.0 (https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/).
 * Texts stand once, in a table; the labels of a series are indices into it.
 */
export function remoteWrite2(samples: readonly Sample[]): Buffer {
  const symbols = new Map<string, number>([['', 0]]);
  const symbol = (text: string): number => {
    const known = symbols.get(text);
    if (known !== undefined) return known;
    symbols.set(text, symbols.size);
    return symbols.size - 1;
  };
  const all = new Bytes();
  for (const [series, group] of bySeries(samples)) {
    const references = new Bytes();
    for (const [name, value] of sortedLabels(series)) references.varint(symbol(name)).varint(symbol(value));
    const labels = new Bytes().field(1, references.written).written;
    const size = group.reduce((sum, { time }) => sum + sampleSize(time), labels.length);
    all.varint(42).varint(size).raw(labels);
    for (const { value, time } of group) all.sample(2, value, time);
  }
  const request = new Bytes();
  for (const text of symbols.keys()) request.field(4, Buffer.from(text));
  return snappy(request.raw(all.written).written);
}
