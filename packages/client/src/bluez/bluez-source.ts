import type { Central, CentralSource } from '../central/central.ts';
import { log } from '@ubmsc/base';
import { BluezCentral } from './bluez-central.ts';
import type { WantedAdapter } from './choose-adapter.ts';
import { resetAdapter } from './reset-adapter.ts';

/**
 * Adapters of bluetoothd. The one that was opened first is found again by its address, whatever its number is then.
 */
export class BluezSource implements CentralSource {
  readonly simulated = false;
  #title: string;
  #wanted: WantedAdapter;

  constructor(title: string, wanted: WantedAdapter) {
    this.#title = title;
    this.#wanted = wanted;
  }

  get title(): string {
    return this.#title;
  }

  async open(signal?: AbortSignal): Promise<Central> {
    const central = await BluezCentral.open(this.#wanted, this.#title, signal);
    const { name, address } = central.adapter;
    log('debug', 'bluez', () => `${central.title} is ${address}`);
    this.#title = central.title;
    if (address !== '') this.#wanted = { name, address };
    return central;
  }

  async reset(signal: AbortSignal): Promise<void> {
    await resetAdapter(this.#wanted, this.#title, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
