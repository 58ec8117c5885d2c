import type { BatteryStatus } from '@ubmsc/session';

/** Several batteries that are used as one. */
export interface Bank {
  /** What every output calls it. */
  readonly name: string;
  /** Names, aliases or addresses of its batteries. */
  readonly members: readonly string[];
  readonly topology: Topology;
  /** Whether sums are told of while a battery is missing: of those that are there. */
  readonly partial: boolean;
}

/** How batteries of a bank are connected. */
export const topologies = ['parallel', 'series'] as const;

/** How the batteries of a bank are connected: in parallel or in series. */
export type Topology = (typeof topologies)[number];

/** A battery of a bank; its status is undefined while nothing is known of it. */
export interface Member {
  readonly name: string;
  readonly status: BatteryStatus | undefined;
}

/** The batteries of a bank among all that are watched. */
export function membersOf({ members }: Bank, statuses: readonly BatteryStatus[]): readonly Member[] {
  return members.map((name) => ({
    name,
    status: statuses.find(
      ({ device, address, name: advertised }) => device === name || address === name || advertised === name,
    ),
  }));
}
