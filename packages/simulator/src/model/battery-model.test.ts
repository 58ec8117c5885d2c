import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatteryModel, type BatteryModelOptions } from './battery-model.ts';
import { chemistries, type ChemistryName } from './chemistry.ts';
import { deviceProfiles } from '../device/device-profiles.ts';
import { constantCurrent } from './load-profile.ts';
import { defaultSettings } from '../device/settings.ts';

const profile = deviceProfiles.JK_BD4A8S4P;
const settings = defaultSettings(profile);
const HOUR = 3600;

const model = (options: Partial<BatteryModelOptions> = {}): BatteryModel =>
  new BatteryModel({ settings, cells: 4, chemistry: 'LFP', ...options });

const chemistryNames = Object.keys(chemistries).filter((name): name is ChemistryName => name in chemistries);

const anyModel = fc
  .record({
    chemistry: fc.constantFrom(...chemistryNames),
    cells: fc.integer({ min: 1, max: 32 }),
    seed: fc.integer(),
    stateOfCharge: fc.integer({ min: 0, max: 100 }),
    startTime: fc.integer({ min: 0, max: 86_400 }),
  })
  .map(({ chemistry, ...options }) => {
    const own = { ...settings, ...chemistries[chemistry].settings };
    return new BatteryModel({ settings: own, chemistry, ...options });
  });

const pauses = fc.array(fc.double({ min: 0, max: 4000, noNaN: true }), { minLength: 1, maxLength: 20 });

describe('what a battery measures is consistent', () => {
  it('the cells add up to the pack voltage to the millivolt', () => {
    fc.assert(
      fc.property(anyModel, pauses, (battery, times) => {
        for (const seconds of times) {
          battery.advance(seconds);
          const { cellVoltages, packVoltage } = battery.state;
          const millivolts = cellVoltages.reduce((sum, cell) => sum + Math.round(cell * 1000), 0);
          expect(Math.round(packVoltage * 1000)).toBe(millivolts);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('power is the magnitude of voltage times current, and the charge state the remaining part', () => {
    fc.assert(
      fc.property(anyModel, pauses, (battery, times) => {
        for (const seconds of times) {
          battery.advance(seconds);
          const { state } = battery;
          expect(state.packPower).toBeCloseTo(Math.abs(state.packVoltage * state.packCurrent), 2);
          const part = (100 * state.remainingCapacity) / state.fullChargeCapacity;
          expect(Math.abs(state.stateOfCharge - part)).toBeLessThanOrEqual(0.51);
          expect(
            Object.values(state)
              .flat()
              .every((value) => !Number.isNaN(value)),
          ).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('the same seed and the same times give the same states, another seed other ones', () => {
    const [one, same, other] = [model({ seed: 7 }), model({ seed: 7 }), model({ seed: 8 })];
    for (const battery of [one, same, other]) battery.advance(5000);
    expect(same.state).toEqual(one.state);
    expect(other.state).not.toEqual(one.state);
  });
});

describe('charge', () => {
  it('the state of charge never falls while charging and never rises while discharging', () => {
    fc.assert(
      fc.property(
        anyModel,
        fc.double({ min: 1, max: 100, noNaN: true }),
        fc.boolean(),
        (battery, amperes, up) => {
          const flowing = new BatteryModel({
            settings: battery.settings,
            cells: 4,
            chemistry: battery.chemistry,
            load: constantCurrent(up ? amperes : -amperes),
          });
          let before = flowing.state.remainingCapacity;
          for (let minute = 0; minute < 120; minute++) {
            flowing.advance(60);
            const after = flowing.state.remainingCapacity;
            expect(up ? after - before : before - after).toBeGreaterThanOrEqual(0);
            before = after;
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('only the current through the pack changes the charge of its cells, over a whole day', () => {
    const load = (time: number): { current: number } => ({ current: 8 * Math.sin(time / 7000) });
    const battery = model({ load, stateOfCharge: 50, settings: { ...settings, balancerSwitch: 0 } });
    const cells = battery.totalCharge;
    const { remainingCapacity } = battery.state;
    battery.advance(24 * HOUR);
    const flown = battery.state.remainingCapacity - remainingCapacity;
    expect(Math.abs(flown)).toBeGreaterThan(1);
    expect(battery.totalCharge - cells).toBeCloseTo(4 * flown, 2);
  });

  it('one ampere-hour discharged is one less remaining and one more cycled; a full capacity is a cycle', () => {
    const battery = model({ load: constantCurrent(-10), stateOfCharge: 90, cycleCapacity: 199.5 });
    const before = battery.state;
    battery.advance(HOUR / 10);
    const after = battery.state;
    expect(before.remainingCapacity - after.remainingCapacity).toBeCloseTo(1, 3);
    expect(after.cycleCapacity).toBeCloseTo(200.5, 3);
    expect([before.cycleCount, after.cycleCount]).toEqual([1, 2]);
  });

  it('a day of sun and household moves the charge up and down and ends about where it began', () => {
    const battery = model({ startTime: 0, stateOfCharge: 60 });
    const hours = Array.from({ length: 24 }, () => {
      battery.advance(HOUR);
      return battery.state.stateOfCharge;
    });
    expect(Math.max(...hours) - Math.min(...hours)).toBeGreaterThan(15);
    expect(Math.abs((hours.at(-1) ?? 0) - 60)).toBeLessThan(30);
  });

  it('the charger holds its voltage with less and less current', () => {
    const load = (): { current: number; cellVoltageLimit: number } => ({
      current: 30,
      cellVoltageLimit: 3.45,
    });
    const battery = model({ load, stateOfCharge: 90 });
    expect(battery.state.chargePhase).toBe('bulk');
    battery.advance(HOUR);
    const { chargePhase, packCurrent, packVoltage } = battery.state;
    expect(chargePhase).toBe('absorption');
    expect(packCurrent).toBeGreaterThanOrEqual(0);
    expect(packCurrent).toBeLessThan(5);
    expect(packVoltage / 4).toBeLessThan(3.452);
    expect(battery.state.stateOfCharge).toBe(100);
  });
});

describe('protections', () => {
  it('the charge MOSFET opens at cell over-voltage and closes again at its recovery; discharging goes on', () => {
    let current = 50;
    const battery = model({ load: () => ({ current }), stateOfCharge: 95 });
    battery.advance(HOUR);
    expect(battery.state).toMatchObject({ chargeMosOn: false, dischargeMosOn: true, packCurrent: 0 });
    expect(battery.state.protections).toContain('cellOverVoltage');
    current = -20;
    battery.advance(900);
    expect(battery.state).toMatchObject({ chargeMosOn: true, packCurrent: -20 });
    expect(battery.state.protections.size).toBe(0);
  });

  it('the discharge MOSFET opens at cell under-voltage, holds while the cells rest, and closes when they are charged', () => {
    let current = -20;
    const battery = model({ load: () => ({ current }), stateOfCharge: 5 });
    battery.advance(HOUR);
    expect(battery.state).toMatchObject({ chargeMosOn: true, dischargeMosOn: false, packCurrent: 0 });
    expect(battery.state.protections).toContain('cellUnderVoltage');
    expect(battery.state.stateOfCharge).toBe(0);
    current = 20;
    battery.advance(HOUR / 2);
    expect(battery.state.dischargeMosOn).toBe(true);
  });

  it('a hot battery is not charged, and discharged only up to a higher temperature', () => {
    const hot = (ambientTemperature: number): BatteryModel => {
      const battery = model({ load: constantCurrent(10), ambientTemperature });
      battery.advance(1);
      return battery;
    };
    expect(hot(59.5).state).toMatchObject({ chargeMosOn: true, dischargeMosOn: true, packCurrent: 10 });
    expect(hot(61).state).toMatchObject({ chargeMosOn: false, dischargeMosOn: true, packCurrent: 0 });
    expect(hot(61).state.protections).toEqual(new Set(['chargeOverTemperature']));
    expect(hot(66).state).toMatchObject({ chargeMosOn: false, dischargeMosOn: false });
    expect(hot(-10).state.protections).toEqual(new Set(['chargeUnderTemperature']));
  });

  it("the user's switches open the MOSFETs", () => {
    const battery = model({ load: constantCurrent(-10) });
    battery.advance(1);
    expect(battery.state.packCurrent).toBe(-10);
    battery.settings = { ...battery.settings, dischargeSwitch: 0 };
    battery.advance(1);
    expect(battery.state).toMatchObject({ dischargeMosOn: false, chargeMosOn: true, packCurrent: 0 });
  });
});

describe('temperatures', () => {
  it('follow the load slowly, the MOSFETs faster than the cells', () => {
    const battery = model({ load: constantCurrent(-40), stateOfCharge: 90 });
    battery.advance(60);
    const soon = battery.state;
    battery.advance(20 * 60);
    const later = battery.state;
    expect(soon.mosTemperature).toBeGreaterThan(soon.batteryTemperatures[0] ?? NaN);
    expect(later.mosTemperature).toBeGreaterThan(soon.mosTemperature + 5);
    expect(later.batteryTemperatures[0]).toBeGreaterThan(20);
  });
});

describe('balancer', () => {
  const unbalanced = {
    ...settings,
    maxBalanceCurrent: 2,
    startBalanceVoltage: 3,
    balanceTriggerVoltage: 0.003,
  };

  it('takes from the highest cell and gives to the lowest, with the sign of its state', () => {
    const battery = model({ settings: unbalanced, load: constantCurrent(0), stateOfCharge: 100, seed: 3 });
    const seen = new Map<number, number>();
    for (let second = 0; second < 40; second++) {
      battery.advance(1);
      seen.set(battery.state.balanceState, battery.state.balanceCurrent);
    }
    expect(Object.fromEntries(seen)).toEqual({ 1: 2, 2: -2 });
  });

  it('brings the cells together and then stops', () => {
    const battery = model({ settings: unbalanced, load: constantCurrent(0), stateOfCharge: 100, seed: 3 });
    const spread = (): number =>
      Math.max(...battery.state.cellVoltages) - Math.min(...battery.state.cellVoltages);
    const before = spread();
    battery.advance(3 * HOUR);
    battery.advance(1);
    expect(before).toBeGreaterThan(0.01);
    expect(spread()).toBeLessThan(0.006);
  });

  it.each([
    ['below its start voltage', { startBalanceVoltage: 3.6 }],
    ['below its trigger', { balanceTriggerVoltage: 1 }],
    ['when it is switched off', { balancerSwitch: 0 }],
  ])('rests %s', (_, changed) => {
    const battery = model({
      settings: { ...unbalanced, ...changed },
      load: constantCurrent(0),
      stateOfCharge: 97,
    });
    battery.advance(60);
    expect(battery.state).toMatchObject({ balanceState: 0, balanceCurrent: 0 });
  });
});
