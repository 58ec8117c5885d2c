import { parseAdapter } from './central/transports.ts';

/** A device that is asked for, and the adapter that shall find it, where that is said. */
export interface DeviceSpec {
  readonly device: string;
  readonly adapter: string | undefined;
}

/**
 * Reads `NAME`, `ADDRESS`, `NAME@hci1` or `ADDRESS@unix:/path`. Names may hold an @ themselves: only what is an
 * adapter after an @ counts.
 */
export function parseDeviceSpec(text: string): DeviceSpec {
  for (let at = text.indexOf('@', 1); at > 0; at = text.indexOf('@', at + 1)) {
    const adapter = text.slice(at + 1);
    if (isAdapter(adapter)) return { device: text.slice(0, at), adapter };
  }
  return { device: text, adapter: undefined };
}

function isAdapter(text: string): boolean {
  try {
    parseAdapter(text);
    return true;
  } catch {
    return false;
  }
}
