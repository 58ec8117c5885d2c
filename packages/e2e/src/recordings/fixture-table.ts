import { constantCurrent, deviceProfiles, type DeviceProfileName, type LoadName } from '@ubmsc/simulator';
import type { RecordedSimulation } from './record-simulation.ts';

/** Every recording of `fixtures/`, by its name: what was simulated, and what it shows. */
export const fixtureTable: Readonly<Record<string, RecordedSimulation & { readonly note: string }>> = {
  'jk04-3.3': fixture(
    'JK-B2A16S',
    'JK04, the oldest firmware: a balancer that knows no current, records of floats, 20 bytes a notification',
  ),
  'jk04-8.0.3m': fixture(
    'JK-B5A24S',
    'JK04 on a later balancer: UUIDs of 128 bits, records in six bursts of uneven length',
  ),
  'jk02-24s-7.1': fixture(
    'JK-BD6A17S6P',
    'JK02_24S: whole records in bursts, the acknowledge sticks to settings and device info',
  ),
  'jk02-24s-8.0.6': fixture('JK-B2A24S15P', 'JK02_24S with 24 cells; FFE2 stands before FFE1'),
  'jk02-24s-10.07': fixture(
    'JK-B1A20S15P',
    'JK02_24S, its last firmware: two characteristics FFE1, one for each direction, records in two bursts',
  ),
  'jk02-32s-11.288': fixture(
    'JK_B2A20S20P',
    'JK02_32S, its first firmware: no heartbeats, probes that are not there say 0',
    -25,
  ),
  'jk02-32s-14.20': fixture(
    'JK_PB2A16S15P',
    'JK02_32S with heartbeats, which stick to records; device info comes after settings, too',
    40,
  ),
  'jk02-32s-15.26': fixture('JK_BD4A8S4P', 'JK02_32S: the stream needs both requests; four cells', -12),
  'jk02-32s-15.41': fixture('JK_PB2A16S20P', 'JK02_32S of a house battery that charges with 60 A', 60),
  'jk02-32s-19.27': fixture(
    'JK-PB2A16S20P',
    'JK02_32S, the newest firmware: models with a dash, longer serial numbers, ATT_MTU of 23',
    -30,
  ),
  'weak-cell': {
    note: 'a weak cell gives way under load until the battery protects itself; the link is lost and made again',
    device: {
      profile: { ...deviceProfiles.JK_PB2A16S20P, name: 'WEAK_CELL' },
      seed: 7,
      speed: 2,
      battery: {
        stateOfCharge: 8,
        weakCell: { cell: 6, capacity: 0.92, resistance: 3 },
        load: (time) => ({ current: time % 36 < 10 ? -8 : -110 }),
      },
      settings: { cellUvp: 3.06, cellUvpRecovery: 3.1 },
    },
    faults: ['flap=25'],
    seconds: 70,
  },
};

/**
 * Recordings of `fixtures/loads/`: batteries whose current changes as it does in use. Acceptance is tested on them, undamaged
 * and damaged.
 */
export const loadTable: Readonly<Record<string, RecordedSimulation>> = {
  'kettle-jk02-24s': underLoad('JK-B2A24S15P', 'kettle', 1),
  'inverter-jk02-32s': underLoad('JK_PB2A16S20P', 'inverter', 2),
  'winch-jk02-32s': underLoad('JK_BD4A8S4P', 'winch', 3),
  'mppt-jk02-32s': underLoad('JK-PB2A16S20P', 'mppt', 4),
  'day-jk04': underLoad('JK-B5A24S', 'day', 5),
};

function underLoad(model: DeviceProfileName, load: LoadName, seed: number): RecordedSimulation {
  return {
    note: `${model} under the load ${load}`,
    device: { profile: deviceProfiles[model], seed, load },
    seconds: 34,
  };
}

/** One generation of firmware, for ten seconds; `current` in A, negative when it discharges. */
function fixture(
  model: DeviceProfileName,
  note: string,
  current = -4,
): RecordedSimulation & { readonly note: string } {
  return {
    note,
    device: {
      profile: deviceProfiles[model],
      seed: Object.keys(deviceProfiles).indexOf(model) + 1,
      battery: { stateOfCharge: 62, load: constantCurrent(current) },
    },
    seconds: 10,
  };
}
