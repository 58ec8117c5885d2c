export { topologies, type Bank, type Topology } from './bank.ts';
export { BankedSource } from './banked-source.ts';
export { batteryKey } from './battery-key.ts';
export { totalsOf, kilowattHours, ampereHours, type Account } from './account.ts';
export { isClockSet, localZone } from './calendar.ts';
export type { Sums } from './sums.ts';
export { EnergyMeters, type EnergyMetersOptions } from './energy-meters.ts';
export { EnergyState, EnergyStateError } from './state-file.ts';
export { MeteredSource } from './metered-source.ts';
