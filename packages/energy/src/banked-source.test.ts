import { expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { BankedSource } from './banked-source.ts';
import { MadeSource } from '@ubmsc/testing';

const bank: Bank = { name: 'house', members: ['A', 'B'], topology: 'parallel', partial: false };

/** What is told of the bank, in order. */
function toldOf(source: BankedSource): string[] {
  const told: string[] = [];
  source.observe((event) => {
    if (event.status.device !== bank.name) return;
    const { state, message } = event.status;
    if (event.kind === 'state') told.push(`${event.from} → ${state}: ${message ?? 'whole'}`);
    if (event.kind === 'reading') told.push(`${event.reading.batteryCurrent} A`);
  });
  return told;
}

test('a bank stands behind its batteries, which stay what they are', () => {
  const source = new MadeSource();
  const banked = new BankedSource(source, [bank]);
  source.read({ batteryCurrent: 1 }, { device: 'A' });
  source.read({ batteryCurrent: 2 }, { device: 'B' });
  expect(banked.statuses.map(({ device }) => device)).toEqual(['A', 'B', 'house']);
  expect(banked.statuses.map(({ reading }) => reading?.batteryCurrent)).toEqual([1, 2, 3]);
  expect(banked.statuses.map((status) => status.bank?.bankMembers)).toEqual([undefined, undefined, 2]);
});

test('it has a reading as often as its first live battery, and says when one is missing', () => {
  const source = new MadeSource();
  const told = toldOf(new BankedSource(source, [bank]));
  source.read({ batteryCurrent: 1 }, { device: 'A' });
  source.read({ batteryCurrent: 2 }, { device: 'B' });
  source.time = 500;
  source.read({ batteryCurrent: 3 }, { device: 'A' });
  source.read({ batteryCurrent: 4 }, { device: 'B' });
  // A falls silent: B leads.
  for (source.time = 1000; source.time <= 11_000; source.time += 5000)
    source.read({ batteryCurrent: 5 }, { device: 'B' });
  source.read({ batteryCurrent: 9 }, { device: 'other' });
  expect(told).toEqual([
    'waiting → streaming: 1 of 2 batteries are live: B is missing',
    'null A',
    'streaming → streaming: whole',
    '5 A',
    'streaming → streaming: 1 of 2 batteries are live: A is missing',
    'null A',
  ]);
});

test('a reading in doubt is in no sum: that before it is', () => {
  const source = new MadeSource();
  const banked = new BankedSource(source, [bank]);
  const current = (): unknown => banked.statuses.at(-1)?.reading?.batteryCurrent;
  source.read({ batteryCurrent: 1 }, { device: 'A' });
  source.read({ batteryCurrent: 99, doubt: 'slots' }, { device: 'B' });
  expect(current()).toBeNull();
  source.read({ batteryCurrent: 2 }, { device: 'B' });
  expect(current()).toBe(3);
  source.time = 5000;
  source.read({ batteryCurrent: 1 }, { device: 'A' });
  source.read({ batteryCurrent: 99, doubt: 'slots' }, { device: 'B' });
  expect(current()).toBe(3);
  source.time = 11_000;
  expect(current()).toBeNull();
});

test('members are found by name, by alias and by address', () => {
  const source = new MadeSource();
  const members = ['C8:47:80:00:00:07', 'JK_B'];
  const banked = new BankedSource(source, [{ ...bank, members }]);
  source.read({ batteryCurrent: 1 }, { device: 'shed', address: 'C8:47:80:00:00:07' });
  source.read({ batteryCurrent: 2 }, { device: 'van', address: 'C8:47:80:00:00:08', name: 'JK_B' });
  expect(banked.statuses.at(-1)?.reading?.batteryCurrent).toBe(3);
});
