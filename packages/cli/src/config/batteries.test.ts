import { expect, test } from 'vitest';
import { wantedBatteries } from './batteries.ts';

const house = { device: 'C8:47:80:00:00:01', alias: 'house' };
const van = { device: 'JK_VAN', adapter: 'hci1' };
const options = { asked: [], configured: [house, van], adapter: 'hci0', adapterGiven: false };

const wantedHouse = { name: 'house', device: 'C8:47:80:00:00:01', adapter: 'hci0', whole: true };
const wantedVan = { name: 'JK_VAN', device: 'JK_VAN', adapter: 'hci1', whole: true };

test('without a question every configured battery is meant', () => {
  expect(wantedBatteries(options)).toEqual([wantedHouse, wantedVan]);
});

test('an adapter that is given for this run leaves batteries on others alone', () => {
  expect(wantedBatteries({ ...options, adapter: 'hci1', adapterGiven: true })).toEqual([
    { ...wantedHouse, adapter: 'hci1' },
    wantedVan,
  ]);
  expect(
    wantedBatteries({ ...options, configured: [van], adapter: 'sim', adapterGiven: true }),
  ).toBeUndefined();
});

test('a battery is meant by its alias and by its address', () => {
  expect(wantedBatteries({ ...options, asked: ['house'] })).toEqual([wantedHouse]);
  expect(wantedBatteries({ ...options, asked: ['C8:47:80:00:00:01'] })).toEqual([wantedHouse]);
  expect(wantedBatteries({ ...options, asked: ['JK_VAN'] })).toEqual([wantedVan]);
});

test('a battery that is asked for twice is meant once', () => {
  expect(wantedBatteries({ ...options, asked: ['house', 'C8:47:80:00:00:01', 'B', 'B'] })).toEqual([
    wantedHouse,
    { name: 'B', device: 'B', adapter: 'hci0' },
  ]);
});

test('a battery that is not configured is looked for under what it was called', () => {
  expect(wantedBatteries({ ...options, asked: ['JK_NEW'] })).toEqual([
    { name: 'JK_NEW', device: 'JK_NEW', adapter: 'hci0' },
  ]);
});

test('without configured batteries all that are found are meant', () => {
  expect(wantedBatteries({ ...options, configured: [] })).toBeUndefined();
});

test('a battery can be asked for on an adapter of its own', () => {
  expect(wantedBatteries({ ...options, asked: ['JK_NEW@hci2'] })).toEqual([
    { name: 'JK_NEW', device: 'JK_NEW', adapter: 'hci2' },
  ]);
});

test('an adapter that the run has among several is not opened again for one battery', () => {
  expect(wantedBatteries({ ...options, adapter: 'hci0,hci1' })).toEqual([
    { ...wantedHouse, adapter: 'hci0,hci1' },
    { ...wantedVan, device: 'JK_VAN@hci1', adapter: 'hci0,hci1' },
  ]);
});
