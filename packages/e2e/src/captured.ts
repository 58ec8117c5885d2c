import type { PacketCapture } from '@ubmsc/hci';
import { redactRequest, StreamRedactor } from '@ubmsc/protocol';
import { SnoopWriter } from '@ubmsc/recording';
import { expect } from 'vitest';
import { simulator, ubmsc } from './command.ts';

const redaction = { notifications: () => new StreamRedactor(), write: redactRequest };

/** A capture in memory, redacted as that of `--snoop` is. */
export function capturing(): { readonly bytes: Buffer[]; readonly capture: () => PacketCapture } {
  const bytes: Buffer[] = [];
  const capture = (): PacketCapture => {
    const writer = new SnoopWriter((chunk) => void bytes.push(chunk), redaction);
    return {
      packet: (packet, direction) => writer.push(packet, direction, Date.now()),
      [Symbol.asyncDispose]: async () => await Promise.resolve(writer.end()),
    };
  };
  return { bytes, capture };
}

/** Reads two batteries, and captures that on either side: of the second battery in a file `battery-2`. */
export async function captureBoth(
  file: (name: string) => string,
): Promise<{ readonly central: string; readonly peripherals: string }> {
  const [central, peripherals] = [file('central.btsnoop'), file('battery.btsnoop')];
  await using batteries = await simulator('--batteries', '2', '--snoop', peripherals);
  const { code } = await ubmsc('--adapter', batteries.adapter, '-i', '-c', '--snoop', central);
  expect(code).toBe(0);
  return { central, peripherals };
}
