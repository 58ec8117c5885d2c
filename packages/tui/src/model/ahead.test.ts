import { decodeReading, type Reading } from '@ubmsc/protocol';
import { describe, expect, test } from 'vitest';
import { cellData, epoch, type Given } from '../../test/fake-source.ts';
import { ahead } from './ahead.ts';
import { History } from './history.ts';

const reading = (given: Given = {}): Reading => decodeReading(cellData(given), 'jk02-32s', epoch);

/** What was remembered of currents, one each second, and the time of the last one. */
function remembered(...currents: readonly number[]): { readonly history: History; readonly now: number } {
  const history = new History(Infinity);
  for (const [second, current] of currents.entries())
    history.add(second * 1000, reading({ current }), cellData({ current }), 10_000);
  return { history, now: (currents.length - 1) * 1000 };
}

describe('what is ahead', () => {
  test('is what is missing, or remains, by the current', () => {
    expect(ahead(reading({ percent: 50, current: 28 }), undefined, 0)).toMatchObject({
      kind: 'full',
      seconds: 5 * 3600,
    });
    expect(ahead(reading({ percent: 50, current: -14 }), undefined, 0)).toMatchObject({
      kind: 'empty',
      seconds: 10 * 3600,
    });
  });

  test('is reckoned with the mean of a minute at most, and says over which time', () => {
    const { history, now } = remembered(
      ...Array.from({ length: 200 }, (_, second) => (second % 2 ? -13 : -15)),
    );
    const found = ahead(reading({ current: -13 }), history, now);
    expect(found).toMatchObject({ kind: 'empty', over: 60 });
    expect(found?.kind === 'empty' ? found.current : 0).toBeCloseTo(-14, 0);
  });

  test('begins again at a step of the current: an old load does not count', () => {
    const { history, now } = remembered(...Array.from({ length: 50 }, () => -110), -8, -8, -8);
    expect(ahead(reading({ current: -8 }), history, now)).toMatchObject({ current: -8, over: 2 });
  });

  test('is nothing at rest, however much flowed before', () => {
    const { history, now } = remembered(-110, -110, -110, 0);
    expect(ahead(reading({ current: 0 }), history, now)).toEqual({ kind: 'rest' });
  });

  test('is that it is cut off where the switch is off', () => {
    const { history, now } = remembered(-71, -71, -71, 0);
    const cutOff = reading({ current: 0, fields: { dischargeMosOn: 0 } });
    expect(ahead(cutOff, history, now)).toEqual({ kind: 'cut off', what: 'discharge' });
  });

  test('is not told when something is not known', () => {
    expect(ahead({ ...reading(), nominalCapacity: null }, undefined, 0)).toBeUndefined();
    expect(ahead({ ...reading(), batteryCurrent: null }, undefined, 0)).toBeUndefined();
  });
});
