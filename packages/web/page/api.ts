export type { About, BatteryJson as Battery, JsonValue as Value, Now } from '../src/answers.ts';

export interface HistoryColumn {
  readonly label: string;
  readonly unit: string | null;
  readonly value: readonly (number | string | null)[];
  readonly min?: readonly (number | null)[];
  readonly max?: readonly (number | null)[];
}

export interface HistoryRows {
  readonly step: number | null;
  readonly times: readonly number[];
  readonly columns: Readonly<Record<string, HistoryColumn>>;
}

export interface PastEvent {
  readonly time: number;
  readonly kind: 'state' | 'alarm' | 'alarmEnded';
  readonly name: string;
  readonly reason?: string;
}

/** Asks the server; paths are relative, so that the page works below any path of a proxy. */
export async function ask<T>(
  path: string,
  parameters: Readonly<Record<string, string | number>> = {},
): Promise<T> {
  const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  const response = await fetch(`${path}?${query}`, { signal: AbortSignal.timeout(15_000) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server is of the same version as the page
  return (await response.json()) as T;
}
