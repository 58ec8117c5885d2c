import { parseDeviceSpec, splitAdapters, type WantedBattery } from '@ubmsc/client';
import type { BatteryTable } from './schema.ts';

export interface WantedOptions {
  /** Aliases, addresses or names that were asked for. */
  readonly asked: readonly string[];
  /** The batteries of the configuration. */
  readonly configured: readonly BatteryTable[];
  /** The adapter of batteries that name none of their own. */
  readonly adapter: string;
  /** Whether that adapter was given for this run: batteries that are elsewhere are then left alone. */
  readonly adapterGiven: boolean;
}

/** The batteries that are asked for, or else those of the configuration; undefined when that leaves all that are found. */
export function wantedBatteries(options: WantedOptions): readonly WantedBattery[] | undefined {
  const { asked, configured, adapter, adapterGiven } = options;
  const known = configured.map((table) => ({
    ...wanted(table.alias ?? table.device, table, adapter),
    whole: true,
  }));
  if (asked.length > 0) {
    const meant = asked.map((text) => {
      const spec = parseDeviceSpec(text);
      return (
        known.find(({ name }) => name === text) ??
        known.find(({ device }) => device === text) ??
        onlyOne(known.filter(({ name }) => name.toLowerCase().startsWith(text.toLowerCase()))) ??
        wanted(spec.device, spec, adapter)
      );
    });
    return withoutRepetition(meant);
  }
  const here = adapterGiven ? known.filter((battery) => battery.adapter === adapter) : known;
  return here.length > 0 ? here : undefined;
}

/** The beginning of an alias is enough where only one begins so. */
function onlyOne<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

/** A battery may be asked for twice, as by its alias and by its address. */
function withoutRepetition(batteries: readonly WantedBattery[]): readonly WantedBattery[] {
  return [...new Map(batteries.map((battery) => [JSON.stringify(battery), battery])).values()];
}

interface Spec {
  readonly device: string;
  readonly adapter?: string | undefined;
}

/** A battery on an adapter of its own, or on one of those of the run. */
function wanted(name: string, { device, adapter: own }: Spec, adapter: string): WantedBattery {
  if (own === undefined) return { name, device, adapter };
  const several = splitAdapters(adapter);
  if (several.length > 1 && several.includes(own)) return { name, device: `${device}@${own}`, adapter };
  return { name, device, adapter: own };
}
