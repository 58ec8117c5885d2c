import { noServices } from './att-faults.ts';
import type { Fault } from './fault.ts';
import { gattLayouts, type GattService } from '../device/gatt-layouts.ts';

/** Everything that was ever seen on a module, in one: only FFE1 is the stream. */
// A table is read by its columns:
// prettier-ignore
const everything: readonly GattService[] = [
  { uuid: 'fee7', characteristics: [
    { uuid: 'fec8', properties: ['notify'] },
    { uuid: 'fec7', properties: ['write'] },
    { uuid: 'fec9', properties: ['read'], value: '' },
  ] },
  { uuid: 'ffe0', characteristics: [
    { uuid: 'ffe3', properties: ['write', 'writeWithoutResponse'] },
    { uuid: 'ffe2', properties: ['writeWithoutResponse', 'write', 'notify'] },
    { uuid: 'ffe1', properties: ['read', 'writeWithoutResponse', 'write', 'notify'] },
  ] },
  ...gattLayouts.L2.services.filter(({ uuid }) => uuid !== 'ffe0'),
];

/** What packs have that say JK on their label and have another BMS. */
const other: readonly GattService[] = [
  {
    uuid: 'ff00',
    characteristics: [
      { uuid: 'ff01', properties: ['notify'] },
      { uuid: 'ff02', properties: ['writeWithoutResponse'] },
    ],
  },
];

/** The module offers no services, another one, everything at once, or two characteristics FFE1. */
export function gatt(how: 'empty' | 'ff00' | 'full' | 'old-module'): Fault {
  switch (how) {
    case 'empty':
      return noServices();
    case 'ff00':
      return { services: () => other };
    case 'full':
      return { services: () => everything };
    case 'old-module':
      return { services: () => gattLayouts.L3.services };
  }
}
