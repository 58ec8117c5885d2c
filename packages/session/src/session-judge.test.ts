import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NotificationParser, type TimedItem } from '@ubmsc/protocol';
import { parseRecording } from '@ubmsc/recording';
import { SessionJudge, type SessionJudgement } from './session-judge.ts';

type FrameItem = Extract<TimedItem, { kind: 'frame' }>;

const fixture = new URL('../../../fixtures/jk02-32s-15.41.jsonl', import.meta.url);

/** The frames of a recording, and when they were complete in milliseconds. */
function frames(): { item: FrameItem; ms: number }[] {
  const parser = new NotificationParser();
  return parseRecording(readFileSync(fixture, 'utf8')).events.flatMap((event) =>
    event.kind !== 'notify'
      ? []
      : parser
          .push(event.bytes, event.ms)
          .flatMap((item) => (item.kind === 'frame' ? [{ item, ms: event.ms }] : [])),
  );
}

const isCellData = ({ item }: { readonly item: FrameItem }): boolean => item.frame.record === 'cellData';

describe('of one session', () => {
  test('every frame of an undamaged recording is accepted at once', () => {
    const judge = new SessionJudge();
    const judgements = frames().map(({ item, ms }) => judge.observe(item, ms, 1000 + ms));
    expect(judgements.map(({ accepted }) => accepted.length)).toEqual(judgements.map(() => 1));
    expect(judgements.flatMap(({ accepted }) => accepted).map(({ time }) => time)).toEqual(
      frames().map(({ ms }) => 1000 + ms),
    );
  });

  test('cell data is refused while nobody knows its layout', () => {
    const judge = new SessionJudge();
    const first = frames().find(isCellData);
    const unlike = first && {
      ...first.item,
      frame: { ...first.item.frame, bytes: first.item.frame.bytes.map(() => 0xff) },
    };
    expect(unlike && judge.observe(unlike, 0, 0)).toEqual({
      accepted: [],
      delayed: 'variant',
      refused: ['variant'],
    });
  });

  test('cell data that comes again is frozen', () => {
    const judge = new SessionJudge('jk02-32s');
    const [first, second] = frames().filter(isCellData);
    const judgements: SessionJudgement[] = [];
    if (first) judgements.push(judge.observe(first.item, 0, 0));
    for (let now = 500; now < 15_000; now += 500)
      if (second) judgements.push(judge.observe(second.item, now, now));
    expect(judgements[1]?.delayed).toBeUndefined();
    for (const judgement of judgements.slice(2))
      expect(judgement).toEqual({ accepted: [], delayed: 'frozen', refused: ['frozen'] });
  });
});
