import type { BatteryStatus } from '@ubmsc/session';
import type { Components } from './home-assistant/entities.ts';

/** What is kept on the broker of a battery, besides its status: what it is, and who reads it. */
export interface BatteryInfo {
  /** The run that read it last. */
  readonly host: string;
  /** What every output calls it. */
  readonly device: string;
  readonly name?: string | undefined;
  readonly address?: string | undefined;
  /** The entities that Home Assistant knows of it, with their platforms. */
  readonly components: Readonly<Record<string, string>>;
}

/** The payload of the topic `info`. */
export function infoOf(status: BatteryStatus, host: string, components: Components): string {
  const { device, name, address, adapter, simulated, deviceInfo } = status;
  return JSON.stringify({
    host,
    device,
    name: name ?? null,
    address: address ?? null,
    adapter,
    simulated,
    device_model: deviceInfo?.deviceModel ?? null,
    hardware_version: deviceInfo?.hardwareVersion ?? null,
    software_version: deviceInfo?.softwareVersion ?? null,
    components: Object.fromEntries(
      Object.entries(components).map(([key, component]) => [key, String(component['platform'])]),
    ),
  });
}

/** Reads the payload of the topic `info`; undefined when it is not one of ours: the broker takes it from anybody. */
export function parseInfo(payload: string): BatteryInfo | undefined {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { host, device, name, address, components } = value;
  if (typeof host !== 'string' || typeof device !== 'string') return undefined;
  const platforms = Object.entries(isRecord(components) ? components : {}).flatMap(([key, platform]) =>
    /^[a-z0-9_]{1,64}$/.test(key) && typeof platform === 'string' && /^[a-z_]{1,32}$/.test(platform)
      ? [[key, platform] as const]
      : [],
  );
  return {
    host,
    device,
    name: typeof name === 'string' ? name : undefined,
    address: typeof address === 'string' ? address : undefined,
    components: Object.fromEntries(platforms),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
