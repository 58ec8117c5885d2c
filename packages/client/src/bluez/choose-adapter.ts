import { adapterError } from '../central/adapter-problems.ts';
import { radioSwitches } from '../central/radio-switch.ts';
import { interfaces } from './names.ts';
import type { BluezObjects } from './objects.ts';
import { textOf, type Properties } from './properties.ts';

/** Which adapter is wanted: the one with this address, or else with this name, or else any. */
export interface WantedAdapter {
  /** Such as `hci1`. */
  readonly name?: string | undefined;
  /** Such as `00:1A:7D:DA:71:13`: the same adapter whatever its number is. */
  readonly address?: string | undefined;
}

/** An adapter of bluetoothd. */
export interface ChosenAdapter {
  readonly path: string;
  readonly name: string;
  readonly address: string;
}

/** Finds the adapter. Throws an AdapterError when it is not there, or when it is switched off. */
export function chooseAdapter(objects: BluezObjects, wanted: WantedAdapter, title: string): ChosenAdapter {
  const all = objects.having(interfaces.adapter);
  const [path, properties] = pick(all, wanted) ?? [];
  if (path === undefined || !properties) {
    const names = all.map(([each]) => nameOf(each)).join(', ');
    const detail = all.length === 0 ? 'bluetoothd has no adapter' : `bluetoothd has only ${names}`;
    throw adapterError(title, 'absent', undefined, detail);
  }
  if (!isPowered(properties)) {
    const name = nameOf(path);
    throw adapterError(`bluez:${name}`, whyNotPowered(properties, name));
  }
  return { path, name: nameOf(path), address: textOf(properties['Address']) ?? '' };
}

export function isPowered(adapter: Properties): boolean {
  return adapter['Powered'] === true;
}

/** Why an adapter that is not powered is so. Older versions of BlueZ do not say it, but the switches of the system do. */
export function whyNotPowered(adapter: Properties, name: string): 'blocked' | 'down' {
  if (adapter['PowerState'] === 'off-blocked') return 'blocked';
  return radioSwitches({ device: Number(name.slice('hci'.length)) }).block ? 'blocked' : 'down';
}

function pick<T extends readonly [string, Properties]>(
  all: readonly T[],
  { name, address }: WantedAdapter,
): T | undefined {
  if (address !== undefined) {
    const wanted = address.toUpperCase();
    return all.find(([, { Address: its }]) => textOf(its)?.toUpperCase() === wanted);
  }
  if (name !== undefined) return all.find(([path]) => nameOf(path) === name);
  return all.find(([, properties]) => isPowered(properties)) ?? all[0];
}

/** Name of the adapter at a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
