/** 128-bit form of a 16-bit UUID. */
export function longUuid(short: string): string {
  return `0000${short}-0000-1000-8000-00805f9b34fb`;
}
