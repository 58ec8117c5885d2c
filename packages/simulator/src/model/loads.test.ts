import { decode, layouts } from '@ubmsc/protocol';
import { expect, test } from 'vitest';
import { SimulatedDevice } from '../device/simulated-device.ts';
import { deviceProfiles } from '../device/device-profiles.ts';
import { listLoads, loads, parseLoad, type LoadName } from './loads.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the names
const names = Object.keys(loads) as LoadName[];

/** The cell data of two minutes. */
function under(load: LoadName) {
  let now = 0;
  const device = new SimulatedDevice({ profile: deviceProfiles.JK_PB2A16S20P, load, now: () => now });
  return Array.from({ length: 220 }, () => {
    now += 545;
    return decode(layouts['jk02-32s'].cellData, device.cellData());
  });
}

test('every load is listed with what it does, and found by its name', () => {
  for (const name of names) {
    expect(listLoads()).toContain(`${name}\n    ${loads[name].help}\n`);
    expect(parseLoad(name)).toBe(name);
  }
  expect(() => parseLoad('storm')).toThrow('no load is called "storm"');
});

test.each(names)('under %s the device says what it can say', (name) => {
  const impossible = under(name).filter(
    ({ packCurrent, stateOfCharge, cellVoltages, enabledCells }) =>
      Math.abs(packCurrent) >= 1000 ||
      stateOfCharge > 100 ||
      cellVoltages.filter((voltage) => voltage > 0).length !== 32 - Math.clz32(enabledCells),
  );
  expect(impossible).toEqual([]);
});

test('loads differ', () => {
  const currents = names.map((name) =>
    JSON.stringify(under(name).map(({ packCurrent, ...rest }) => [packCurrent, rest])),
  );
  expect(new Set(currents).size).toBe(names.length);
});
