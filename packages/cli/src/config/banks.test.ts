import { describe, expect, test } from 'vitest';
import { wantedBanks } from './banks.ts';
import { parseConfig } from './load.ts';

const given = (...bank: readonly string[]) => wantedBanks({ bank, bankPartial: undefined }, []);

test('a comma puts batteries in parallel, a plus in series', () => {
  expect(given('house=A,B+C', 'boat=C8:47:80:00:00:01+van')).toEqual([
    { name: 'house', members: ['A', 'B+C'], topology: 'parallel', partial: false },
    { name: 'boat', members: ['C8:47:80:00:00:01', 'van'], topology: 'series', partial: false },
  ]);
});

describe('what is not a bank is refused:', () => {
  test.each([
    ['house', 'is not a bank'],
    ['house=A', 'is not a bank'],
    ['house=A,', 'is not a bank'],
    ['=A,B', 'is not a bank'],
    ['house=A,A', 'has "A" twice'],
    ['house=A,house', 'is a bank, and a battery'],
  ])('%s', (text, message) => {
    expect(() => given(text)).toThrow(message);
  });
  test('two of one name', () => {
    expect(() => given('house=A,B', 'house=C,D')).toThrow('two banks are called "house"');
  });
});

test('[[bank]] says the same, and an option counts more', () => {
  const text = '[[bank]]\nname = "house"\nbatteries = ["A", "B"]\ntopology = "series"\npartial = true\n';
  const { banks } = parseConfig(text, 'config.toml');
  const bank = { name: 'house', members: ['A', 'B'], topology: 'series', partial: true };
  expect(wantedBanks({ bank: undefined, bankPartial: undefined }, banks)).toEqual([bank]);
  expect(wantedBanks({ bank: ['x=A,B'], bankPartial: true }, banks)).toEqual([
    { name: 'x', members: ['A', 'B'], topology: 'parallel', partial: true },
  ]);
});

test('a bank of one battery, and a key that is not a setting, are named with their line', () => {
  const text = '[[bank]]\nname = "house"\nbatteries = ["A"]\ntopolgy = "series"\n';
  expect(() => parseConfig(text, 'config.toml')).toThrow(
    expect.objectContaining({
      errors: expect.arrayContaining([
        expect.objectContaining({ message: expect.stringContaining('config.toml:3: bank[1].batteries') }),
        expect.objectContaining({ hint: 'did you mean topology?' }),
      ]),
    }),
  );
});
