import type { BatteryTable } from './schema.ts';

/** A battery that a command is about. */
export interface WantedBattery {
  /** What outputs call it. */
  readonly name: string;
  /** Address or advertised name by which it is found. */
  readonly device: string;
  /** What finds it. */
  readonly adapter: string;
}

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
  const known = configured.map((table): WantedBattery => ({
    name: table.alias ?? table.device,
    device: table.device,
    adapter: table.adapter ?? adapter,
  }));
  if (asked.length > 0) {
    return asked.map(
      (text) =>
        known.find(({ name }) => name === text) ??
        known.find(({ device }) => device === text) ?? { name: text, device: text, adapter },
    );
  }
  const here = adapterGiven ? known.filter((battery) => battery.adapter === adapter) : known;
  return here.length > 0 ? here : undefined;
}
