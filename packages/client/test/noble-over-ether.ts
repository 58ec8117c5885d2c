import { Ether } from '@ubmsc/hci';
import { parseFaults, simulate, type Simulation } from '@ubmsc/simulator';
import { NobleCentral } from '../src/noble/noble-central.ts';
import { nobleOnStream } from '../src/noble/noble-host.ts';
import type { Sighting } from '../src/central/central.ts';

/** Address of the simulated battery. */
export const ADDRESS = 'C8:47:80:00:00:01';

/** A simulated battery, and noble on a virtual controller in the same ether. */
export interface NobleOverEther extends AsyncDisposable {
  readonly central: NobleCentral;
  readonly simulation: Simulation;
  /** Takes the controller out of the machine. */
  readonly unplug: () => void;
  /** Scans until the battery was sighted. */
  readonly sight: () => Promise<Sighting>;
}

/** Real bleno with these faults, virtual controllers, real noble. */
export async function nobleOverEther(...faults: readonly string[]): Promise<NobleOverEther> {
  const ether = new Ether();
  const simulation = await simulate({ ether, faults: parseFaults(faults) });
  const stream = ether.open();
  const central = await NobleCentral.open(nobleOnStream('hci0', stream));
  return {
    central,
    simulation,
    unplug: () => stream.destroy(),
    async sight() {
      const { promise, resolve } = withResolvers<Sighting>();
      await using _ = await central.scan(resolve);
      return await promise;
    },
    async [Symbol.asyncDispose]() {
      await central.close(new Error('the test is over'));
      await simulation.close();
      ether.close();
    },
  };
}

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
