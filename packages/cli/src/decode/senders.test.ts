import { encode, layouts, sealFrame, FRAME_LENGTH, type Frame, type Variant } from '@ubmsc/protocol';
import { describe, expect, test } from 'vitest';
import { Senders, type ToldFrame } from './senders.ts';
import { goldenFrame } from './test/golden.ts';

const told24 = goldenFrame('24s-cell-8s-charging');
const told32 = goldenFrame('32s-cell-16s-discharging');
const toldJk04 = goldenFrame('jk04-settings');
/** Device info of an old device that may be a JK04 or a JK02_24S. */
const ambiguous = encode(layouts.jk04.deviceInfo, { model: 'JK_OLD', manufacturingDate: '210101' });
/** Its cells do not add up. */
const damaged = sealFrame(
  'cellData',
  Uint8Array.from({ length: FRAME_LENGTH }, (_, at) => (at === 6 || at === 54 ? 1 : at === 118 ? 200 : 0)),
);

function tell(frames: readonly Frame[], override?: Variant): string[] {
  const senders = new Senders(override);
  const found: ToldFrame[] = [];
  for (const [index, frame] of frames.entries())
    senders.push({ frame, number: index + 1, offset: index * 300 }, found);
  return [...found, ...senders.end()].map(inWords);
}

function inWords(told: ToldFrame): string {
  return `${told.number} ${'variant' in told ? told.variant : `? ${told.verdict.candidates.join('|')}`}`;
}

describe('the variant of a frame', () => {
  test('is told by the frame itself, also between frames of other devices', () => {
    expect(tell([told24, told32, toldJk04, told24])).toEqual([
      '1 jk02-24s',
      '2 jk02-32s',
      '3 jk04',
      '4 jk02-24s',
    ]);
  });

  test('is that of the frame before when several explain it', () => {
    expect(tell([told24, ambiguous, toldJk04, ambiguous])).toEqual([
      '1 jk02-24s',
      '2 jk02-24s',
      '3 jk04',
      '4 jk04',
    ]);
  });

  test('is that of the next frame that tells, when the one before is of another device; the order is kept', () => {
    expect(tell([ambiguous, ambiguous, told24])).toEqual(['1 jk02-24s', '2 jk02-24s', '3 jk02-24s']);
    expect(tell([told32, ambiguous, toldJk04])).toEqual(['1 jk02-32s', '2 jk04', '3 jk04']);
  });

  test('stays open when nothing tells it', () => {
    expect(tell([ambiguous])).toEqual(['1 ? jk04|jk02-24s']);
    expect(tell([damaged, ambiguous, told32])).toEqual(['1 ? ', '2 ? jk04|jk02-24s', '3 jk02-32s']);
  });

  test('is the one that is asked for, where no other explains the frame', () => {
    expect(tell([told24, ambiguous, damaged], 'jk02-24s')).toEqual([
      '1 jk02-24s',
      '2 jk02-24s',
      '3 jk02-24s',
    ]);
    expect(tell([told24, ambiguous, damaged], 'jk02-32s')).toEqual([
      '1 ? jk02-24s',
      '2 ? jk04|jk02-24s',
      '3 jk02-32s',
    ]);
  });
});

test('frames that wait take bounded memory', () => {
  const senders = new Senders();
  const told: ToldFrame[] = [];
  for (let number = 1; number <= 1000; number++) senders.push({ frame: ambiguous, number, offset: 0 }, told);
  expect(told.length).toBeGreaterThan(700);
  expect(told.length + senders.end().length).toBe(1000);
});
