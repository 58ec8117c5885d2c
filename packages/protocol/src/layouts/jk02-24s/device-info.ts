import type { Layout } from '../../layout.ts';
import { deviceInfoCommon } from '../common/device-info.ts';
import { identityIn, mapsDeviceInfo } from '../common/structure.ts';

/** Record 0x03 of variant JK02_24S (reference, section 5.8). */
// A table is read by its columns:
// prettier-ignore
export const deviceInfoJk02_24s = {
  variant: 'jk02-24s',
  record: 'deviceInfo',
  fields: {
    frameCounter: { at: 5, type: 'u8', help: 'Counts 0x02 frames; other records carry the value of the next one or a private value' },
    model: { at: 6, type: 'text', size: 16, help: 'Model' },
    ...deviceInfoCommon,
    userData: { ...deviceInfoCommon.userData, register: 0x9f },
    unknown134: { at: 134, type: 'bytes', size: 165, help: 'Unknown' },
  },
  objection,
} as const satisfies Layout;

function objection(bytes: Uint8Array): string | undefined {
  if (mapsDeviceInfo(bytes)) return 'it lists its commands';
  const identity = identityIn(bytes);
  if (identity === undefined || identity.kind === 'battery management') return undefined;
  if (identity.kind === 'balancer') return `${identity.model} is a balancer`;
  return identity.isDated || identity.isNumbered ? undefined : 'it has neither date nor serial number';
}
