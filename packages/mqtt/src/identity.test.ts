import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statusWith } from '@ubmsc/testing';
import { batteryId, slug } from './identity.ts';

test('a battery is its address, whatever it is called', () => {
  expect(batteryId(statusWith({ device: 'house', address: 'C8:47:80:00:00:01' }))).toBe('c84780000001');
  expect(batteryId(statusWith({ device: 'van', address: 'c8:47:80:00:00:01' }))).toBe('c84780000001');
  expect(batteryId(statusWith({ address: undefined }))).toBeUndefined();
});

test('a simulated battery and a bank are never taken for a real battery', () => {
  expect(batteryId(statusWith({ simulated: true }))).toBe('sim_c84780000001');
  const bank = batteryId({ ...statusWith({ device: 'bank' }), bank: bankValues });
  expect(bank).toBe('bank_bank');
});

test('any two names have two slugs, which may stand in a topic of Home Assistant', () => {
  const name = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('a/b', 'a b', 'a+b', '#', '🔋', 'A', 'a', ''),
  );
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(slug(one)).toMatch(/^[a-z0-9_]{1,40}$/);
      expect(slug(one) === slug(other)).toBe(one === other);
    }),
  );
});

const bankValues = {
  bankMembers: 2,
  bankFreshMembers: 2,
  bankChargingMembers: 2,
  bankDischargingMembers: 2,
  bankUsableCapacity: null,
  bankLowestCellMember: null,
  bankHighestCellMember: null,
  bankCurrentSpread: null,
  bankVoltageSpread: null,
  bankPercentSpread: null,
  bankCirculatingCurrent: null,
  bankReadingSpread: null,
  bankWarnings: null,
};
