import { describe, expect, test } from 'vitest';
import { readingWith, statusWith } from '@ubmsc/testing';
import type { Reading } from '@ubmsc/protocol';
import { BatteryStates } from './battery-states.ts';
import type { State } from './values.ts';

/** A battery whose readings come each second; `state` is what is sent at the end of that second. */
function battery(): {
  readonly second: (values: Partial<Reading>) => State | undefined;
  readonly states: BatteryStates;
} {
  const states = new BatteryStates(10_000, 30_000);
  let now = 0;
  return {
    states,
    second: (values) => {
      now += 1000;
      const reading = readingWith(values, now);
      states.add(reading);
      return states.due(statusWith({ reading, readingTime: now }), now);
    },
  };
}

/** The seconds in which a state is sent. */
const sentIn = (seconds: number, second: (index: number) => State | undefined): number[] =>
  Array.from({ length: seconds }, (_, index) => index + 1).filter((index) => second(index) !== undefined);

describe('a state is sent', () => {
  test('at the interval while values move', () => {
    const { second } = battery();
    expect(sentIn(32, (index) => second({ batteryVoltage: 13 + index / 10 }))).toEqual([1, 11, 21, 31]);
  });

  test('at the full interval while nothing moves, so that nothing live expires', () => {
    const { second } = battery();
    expect(sentIn(62, () => second({ batteryVoltage: 13.3 }))).toEqual([1, 31, 61]);
  });

  test('at once when a switch or an alarm changes', () => {
    const { second } = battery();
    expect(sentIn(9, (index) => second({ chargeMosfet: index < 4 }))).toEqual([1, 4]);
    const other = battery();
    expect(sentIn(9, (index) => other.second({ alarms: index < 4 ? [] : ['cellUnderVoltage'] }))).toEqual([
      1, 4,
    ]);
  });

  test('again two and five seconds after a discovery, because Home Assistant subscribes only then', () => {
    const { states, second } = battery();
    second({});
    states.repeat(1000);
    expect(sentIn(9, () => second({})).map((index) => index + 1)).toEqual([2, 3, 6]);
  });
});

test('power and current are the means of the interval, all else is the latest', () => {
  const { second } = battery();
  second({ batteryPower: 0, batteryCurrent: 0 });
  let sent: State | undefined;
  for (let index = 1; index <= 10; index++) {
    sent = second({ batteryPower: index * 10, batteryCurrent: index, batteryVoltage: index });
  }
  expect(sent).toMatchObject({ battery_power: 55, battery_current: 5.5, battery_voltage: 10 });
});

test('a reading in doubt is in no mean, and is sent at once with its doubt', () => {
  const { second } = battery();
  second({ batteryPower: 10, batteryCurrent: 1 });
  const sent = second({ batteryPower: 90_000, batteryCurrent: 900, doubt: 'flicker' });
  expect(sent).toMatchObject({ battery_power: 90_000, doubt: expect.any(String) });
  expect(second({ batteryPower: 10, batteryCurrent: 1 })).toMatchObject({ battery_power: 10, doubt: null });
});

test('a value inside its dead-band is held, and its error never grows beyond that', () => {
  const { second } = battery();
  let shown = Number.NaN;
  for (let index = 1; index <= 200; index++) {
    const truth = 3.3 + index / 10_000;
    const cell = second({ cellVoltage: [truth] })?.['cell_voltage'];
    if (!Array.isArray(cell)) continue;
    shown = Number(cell[0]);
    expect(Math.abs(shown - truth)).toBeLessThanOrEqual(0.002 + 1e-6);
  }
  expect(shown).toBeGreaterThan(3.31);
});

test('nothing is sent of a reading that is stale', () => {
  const states = new BatteryStates(10_000, 30_000);
  const reading = readingWith({});
  states.add(reading);
  expect(states.due(statusWith({ reading, readingTime: 0, staleAfter: 10_000 }), 10_000)).toBeUndefined();
});
