import type { LoadProfile } from '@ubmsc/simulator';
import type { Options } from '../../command-line/options.ts';
import type { SimulateBatteries } from '../../batteries/session.ts';
import { tui } from '../tui/run.ts';

/**
 * Shows three simulated batteries on the terminal, with which something happens all the time: what each does by itself,
 * or all of them under the load of this name.
 */
export async function demo(options: Options, load: string | undefined, signal: AbortSignal): Promise<number> {
  return await tui({ ...options, adapter: 'sim:3', simulate: simulateUnder(load) }, signal);
}

const simulateUnder =
  (name: string | undefined): SimulateBatteries =>
  async (simulation) => {
    const { deviceProfiles, parseFaults, parseLoad, simulate: start } = await import('@ubmsc/simulator');
    const profile = deviceProfiles.JK_PB2A16S20P;
    const load = name === undefined ? undefined : parseLoad(name);
    const own = (demand: LoadProfile): { load?: LoadProfile } => (load === undefined ? { load: demand } : {});
    return await start({
      ...simulation,
      ...(load && { load }),
      each: [
        // Heavy pulses, under which a weak cell gives way until the battery protects it; now and then it is charged.
        {
          profile: { ...profile, name: 'WEAK_CELL', serialNumber: '51206010001' },
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
          battery: {
            stateOfCharge: 95,
            ...own((time) =>
              time % 900 < 600 ? { current: 140, cellVoltageLimit: 3.55 } : { current: -200 },
            ),
          },
          speed: 4,
        },
      ],
    });
  };
