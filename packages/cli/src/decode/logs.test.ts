import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Found } from './found.ts';
import { StreamFrames } from './stream-frames.ts';

const logs = new URL('../../../../../shared/corpus/logs/', import.meta.url);

/** What is in each log that people have pasted: its records, acknowledges, other requests, and bytes of no message. */
const expected: Readonly<
  Record<string, readonly [records: string, acknowledges: number, requests: number, rest: number]>
> = {
  '02-mpp358-debug.log': ['cellData', 0, 0, 0],
  '04-mpp170-bluetility.txt': ['deviceInfo', 1, 1, 0],
  '08-louisvdw716-decimal.log': ['cellData', 0, 0, 0],
  '11-batmon46-ack-and-settings.log': ['settings settings', 2, 0, 0],
  '14-dz11-balancer-constructed.txt': ['settings deviceInfo cellData', 0, 0, 0],
  '16-peff-arduino-11-25-info.log': ['deviceInfo', 0, 0, 0],
  '17a-sergymb-15-41-info.hex': ['deviceInfo', 0, 0, 0],
  '17b-sergymb-15-41-cell-8s.hex': ['cellData', 0, 0, 0],
  '17c-sergymb-15-41-settings.hex': ['settings', 0, 0, 0],
  '18a-ipazanin-logbook.json': ['logbook', 0, 0, 0],
  '21a-neey109-esphome.log': ['', 0, 0, 136],
  '23-mpp-rs485-passive.log': ['cellData settings cellData settings', 0, 0, 71],
  '25-mpp575-19-30-truncated.log': ['', 0, 0, 301],
  '26-mpp529-100-50-fragments.log': ['', 0, 0, 100],
  '27a-syssi390-writes.txt': ['', 0, 2, 0],
  '27b-mpp170-write-with-comment.txt': ['', 0, 1, 0],
  '27c-mpp224-writes.txt': ['', 0, 3, 0],
  '29-syssi852-prefix.log': ['settings cellData cellData', 0, 0, 0],
  'f1-padded.txt': ['', 1, 0, 0],
  'f1-unpadded.txt': ['', 1, 0, 0],
  'f2-twice-unpadded.txt': ['', 1, 0, 0],
  'f2-twice.txt': ['', 1, 0, 0],
  'f3-instance.txt': ['', 1, 0, 0],
  'f3-without.txt': ['', 1, 0, 0],
  'f4-seq.txt': ['', 1, 0, 0],
  'f9-mixed-groups-beside-words.txt': ['', 0, 1, 0],
};

describe.skipIf(!existsSync(logs))('a log that somebody has pasted (skipped without the corpus)', () => {
  test.each(Object.entries(expected))(
    '%s has its messages and nothing else',
    (name, [records, acknowledges, requests, rest]) => {
      const source = new StreamFrames(undefined);
      const found: readonly Found[] = [...source.push(readFileSync(new URL(name, logs))), ...source.end()];
      const requested = found.flatMap((item) =>
        'kind' in item && item.kind === 'request' ? [item.command] : [],
      );
      const leftOver = found.map((item) =>
        'kind' in item && item.kind === 'discarded' ? item.bytes.length : 0,
      );
      expect([
        found.flatMap((item) => ('frame' in item ? [item.frame.record] : [])).join(' '),
        requested.filter((command) => command === 0xc8).length,
        requested.filter((command) => command !== 0xc8).length,
        leftOver.reduce((sum, length) => sum + length, 0),
      ]).toEqual([records, acknowledges, requests, rest]);
    },
  );
});
