import { encodeRequest, StreamParser, judge, variants } from '@ubmsc/protocol';
import { expect, test } from 'vitest';
import { Report } from './report.ts';
import { goldenFrame } from './test/golden.ts';

function reported(use: (report: Report) => void): string[] {
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line));
  use(report);
  report.end();
  return lines;
}

const frame = goldenFrame('32s-logbook');

test('each piece that is thrown away is told with offset, length and reason', () => {
  const parser = new StreamParser();
  const stream = Buffer.concat([
    Buffer.of(1, 2),
    Buffer.from('AT\r\n'),
    encodeRequest(0x97),
    frame.bytes.subarray(0, 9),
  ]);
  const lines = reported((report) => {
    for (const item of [...parser.push(stream), ...parser.end()])
      if (item.kind !== 'frame') report.other(item);
  });
  expect(lines).toEqual([
    'offset 0: 2 bytes discarded (noise): they belong to no message',
    'offset 26: 9 bytes discarded (truncated): the message is not complete',
    '0 frames decoded, 0 acknowledges, 1 request, 1 heartbeat, 11 bytes discarded (2 noise, 9 truncated)',
  ]);
});

test('a frame that is not decoded is told with what it may be and why it is nothing else', () => {
  const found = { frame, number: 3, offset: 600 };
  const lines = reported((report) => {
    report.withoutVariant(found, judge(frame));
    report.withoutLayout(found, 'jk04');
    report.decoded('logbook', 'jk02-32s');
  });
  const others = variants.filter((variant) => variant !== 'jk02-32s');
  const reasons = others.map((variant) => `not ${variant}: its logs are not known`);
  expect(lines).toEqual([
    `offset 600: frame 3 (logbook) not decoded: it may be jk02-32s; ${reasons.join('; ')}`,
    'offset 600: frame 3 (logbook) not decoded: variant jk04 is not known to send it',
    '1 frame decoded (1 logbook) as jk02-32s, 2 frames not decoded, 0 acknowledges, 0 heartbeats, 0 bytes discarded',
  ]);
});

test('lines are bounded and the rest is counted', () => {
  const lines = reported((report) => {
    for (let offset = 0; offset < 50; offset++)
      report.other({ kind: 'discarded', offset, bytes: Uint8Array.of(0), reason: 'checksum' });
  });
  expect(lines).toHaveLength(22);
  expect(lines.slice(20)).toEqual([
    '30 more of these',
    '0 frames decoded, 0 acknowledges, 0 heartbeats, 50 bytes discarded (50 checksum)',
  ]);
});
