import { EnergyMeters } from '../src/energy-meters.ts';

// A process that meters a battery at 1 kW, writes all the time and prints the totals, until it is killed.
const folder = process.argv[2] ?? '';
const meters = await EnergyMeters.open({ folder });
for (let time = 0; ; time += 1000) {
  meters.add({ key: 'A', name: 'A' }, { time, power: 1000, current: 20 }, Date.now());
  if (time % 5000 === 0) await meters.save();
  const totals = meters.totals('A');
  process.stdout.write(`${totals?.energyCharged ?? 0} ${totals?.chargedCapacity ?? 0}\n`);
}
