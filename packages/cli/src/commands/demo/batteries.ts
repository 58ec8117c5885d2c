import {
  deviceProfiles,
  parseFaults,
  parseLoad,
  type LoadProfile,
  type SimulatedDeviceOptions,
} from '@ubmsc/simulator';

const profile = deviceProfiles.JK_PB2A16S20P;

/** Three batteries with which something happens all the time: what each does by itself, or this load for all of them. */
export function demoBatteries(loadName: string | undefined): readonly SimulatedDeviceOptions[] {
  const load = loadName === undefined ? undefined : parseLoad(loadName);
  const own = (demand: LoadProfile): { load?: LoadProfile } => (load === undefined ? { load: demand } : {});
  return [
    // Heavy pulses, under which a weak cell gives way until the battery protects it; now and then it is charged.
    {
      profile: { ...profile, name: 'WEAK_CELL', serialNumber: '51206010001' },
      ...(load && { load }),
      battery: {
        stateOfCharge: 8,
        weakCell: { cell: 6, capacity: 0.92, resistance: 3 },
        ...own((time) => ({ current: time % 600 > 480 ? 60 : time % 36 < 10 ? -8 : -110 })),
      },
      settings: { cellUvp: 3.06, cellUvpRecovery: 3.1 },
      speed: 2,
    },
    {
      profile: { ...profile, name: 'FLAPPING_LINK', serialNumber: '51206010002' },
      load: load ?? 'inverter',
      battery: { stateOfCharge: 58 },
      faults: parseFaults(['flap=8']),
    },
    // Nearly full, so that the charger holds its voltage and the balancer works; a load takes out what went in.
    {
      profile: { ...profile, name: 'CHARGING', serialNumber: '51206010003' },
      ...(load && { load }),
      battery: {
        stateOfCharge: 95,
        ...own((time) => (time % 900 < 600 ? { current: 140, cellVoltageLimit: 3.55 } : { current: -200 })),
      },
      speed: 4,
    },
  ];
}
