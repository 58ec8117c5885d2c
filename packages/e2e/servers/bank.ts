import { Ether, serveEther } from '@ubmsc/hci';
import { cellFields, type Frame } from '@ubmsc/protocol';
import { advertise, simulatedDevices, type Advertisement, type SimulatedDevice } from '@ubmsc/simulator';
import { temporaryFolder } from '../src/command.ts';

/** What a battery sent of its cells at one moment. */
export interface SentCells {
  /** In milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  /** In V. */
  readonly voltages: readonly number[];
}

/** A simulated battery that remembers what it has sent. */
export interface BankBattery {
  readonly name: string;
  readonly device: SimulatedDevice;
  readonly sent: readonly SentCells[];
  /** Makes it vanish: nobody hears of it again. */
  readonly vanish: () => Promise<void>;
}

export interface Bank extends AsyncDisposable {
  /** What `--adapter` is given. */
  readonly adapter: string;
  readonly batteries: readonly BankBattery[];
}

/** Simulated batteries in an ether that other processes reach. */
export async function startBank(count: number): Promise<Bank> {
  const folder = await temporaryFolder();
  const ether = new Ether();
  const server = await serveEther(ether, `unix:${folder.file('ether.sock')}`);
  const batteries: BankBattery[] = [];
  const advertisements: Advertisement[] = [];
  for (const [index, device] of simulatedDevices({ batteries: count }).entries()) {
    const sent = recordCells(device);
    const advertisement = await advertise(device, ether, { address: `C8:47:80:00:00:0${index + 1}` });
    advertisements.push(advertisement);
    batteries.push({
      name: device.name,
      device,
      sent,
      vanish: async () => await advertisement.close(),
    });
  }
  return {
    adapter: server.spec,
    batteries,
    async [Symbol.asyncDispose]() {
      await Promise.all(advertisements.map(async (advertisement) => await advertisement.close()));
      await server.close();
      ether.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Notes the cells of every record that a device makes, which it sends at once. */
function recordCells(device: SimulatedDevice): readonly SentCells[] {
  const sent: SentCells[] = [];
  const make = device.cellData.bind(device);
  device.cellData = (): Frame => {
    const frame = make();
    const { cellVoltages, enabledCells } = cellFields(frame, device.variant);
    const voltages = cellVoltages.filter((_, cell) => (enabledCells >>> cell) & 1);
    sent.push({ time: Date.now(), voltages });
    return frame;
  };
  return sent;
}
