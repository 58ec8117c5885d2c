import type { PacketCapture } from '@ubmsc/hci';
import { Fleet, openAdapter } from '@ubmsc/client';
import { Recorder } from '@ubmsc/recording';
import { parseFaults, simulateDevices, SimulatedDevice, type SimulatedDeviceOptions } from '@ubmsc/simulator';
import type { FakeClock } from '../../faults/fake-clock.ts';

export interface RecordedSimulation {
  readonly device: SimulatedDeviceOptions;
  /** What goes wrong, as `ubmsc simulate --fault` has it. */
  readonly faults?: readonly string[];
  /** How long it is recorded, in seconds. */
  readonly seconds: number;
  readonly note?: string;
  readonly showSecrets?: boolean;
  /** What becomes of the packets of the central. */
  readonly capture?: () => PacketCapture;
}

/** Records a modelled battery through bleno, the ether and noble. Returns the text of the recording. */
export async function recordSimulation(
  { device: options, faults = [], seconds, note, showSecrets, capture }: RecordedSimulation,
  clock: FakeClock,
): Promise<string> {
  let text = '';
  const recorder = new Recorder({
    origin: 'ubmsc, of a simulated battery',
    note,
    showSecrets,
    begin: () => ({ write: (line) => (text += line), end: () => {} }),
  });
  const fleet = new Fleet({
    open: async (adapter) =>
      await openAdapter(adapter, {
        capture,
        simulate: async ({ ether }) =>
          await simulateDevices([new SimulatedDevice({ ...options, faults: parseFaults(faults) })], {
            ether,
          }),
        observe: recorder.observe,
      }),
  });
  recorder.follow(fleet);
  await clock.during(fleet.set({ allOf: 'sim' }));
  await clock.pass(seconds * 1000);
  await clock.during(fleet.close());
  recorder.end();
  await clock.pass(30_000);
  return text;
}
