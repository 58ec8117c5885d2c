import { dropAfter } from './air-faults.ts';
import { securityRequest } from './att-faults.ts';
import type { Fault, FaultyDevice } from './fault.ts';
import { isShortUuid, SERIAL_CHARACTERISTIC, type GattService } from '../device/gatt-layouts.ts';
import { echo } from './request-faults.ts';

/** Time in ms from connecting to the end of a link that was not paired. */
const PATIENCE = 5000;

/** A module that wants to be paired, as some with firmware 19 do. */
export function pairing(how: 'required' | 'kick' | 'echo' | 'request', device: FaultyDevice): Fault {
  switch (how) {
    case 'required':
      return { services: subscribersEncrypt };
    case 'kick':
      return dropAfter(PATIENCE, 'kicked', device);
    case 'echo':
      return { link: echo };
    case 'request':
      return securityRequest();
  }
}

/** To subscribe to the stream on a link that is not encrypted gives ATT error 0x05, Insufficient Authentication. */
function subscribersEncrypt(services: readonly GattService[]): readonly GattService[] {
  return services.map(({ uuid, characteristics }) => ({
    uuid,
    characteristics: characteristics.map((row) =>
      isShortUuid(row.uuid, SERIAL_CHARACTERISTIC) ? { ...row, secure: ['notify'] as const } : row,
    ),
  }));
}
