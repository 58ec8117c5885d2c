import type { RecordName } from '../frame.ts';
import type { Layout, Variant } from '../layout.ts';
import { cellDataJk02_32s } from './cell-data-jk02-32s.ts';
import { deviceInfoJk02_32s } from './device-info-jk02-32s.ts';
import { settingsJk02_32s } from './settings-jk02-32s.ts';

/** Every layout that is known. */
export const layouts = {
  'jk02-32s': {
    cellData: cellDataJk02_32s,
    settings: settingsJk02_32s,
    deviceInfo: deviceInfoJk02_32s,
  },
} as const satisfies Readonly<Record<Variant, Partial<Readonly<Record<RecordName, Layout>>>>>;

export { cellDataJk02_32s, deviceInfoJk02_32s, settingsJk02_32s };
