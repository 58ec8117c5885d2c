import type { RecordName } from '../frame.ts';
import type { Layout, Variant } from '../layout.ts';
import { cellDataJk02_24s } from './cell-data-jk02-24s.ts';
import { cellDataJk02_32s } from './cell-data-jk02-32s.ts';
import { cellDataJk04 } from './cell-data-jk04.ts';
import { detailLogJk02_32s } from './detail-log-jk02-32s.ts';
import { deviceInfoJk02_24s } from './device-info-jk02-24s.ts';
import { deviceInfoJk02_32s } from './device-info-jk02-32s.ts';
import { deviceInfoJk04 } from './device-info-jk04.ts';
import { logbookJk02_32s } from './logbook-jk02-32s.ts';
import { settingsJk02_24s } from './settings-jk02-24s.ts';
import { settingsJk02_32s } from './settings-jk02-32s.ts';
import { settingsJk04 } from './settings-jk04.ts';

/** Every layout that is known. */
export const layouts = {
  jk04: {
    cellData: cellDataJk04,
    settings: settingsJk04,
    deviceInfo: deviceInfoJk04,
  },
  'jk02-24s': {
    cellData: cellDataJk02_24s,
    settings: settingsJk02_24s,
    deviceInfo: deviceInfoJk02_24s,
  },
  'jk02-32s': {
    cellData: cellDataJk02_32s,
    settings: settingsJk02_32s,
    deviceInfo: deviceInfoJk02_32s,
    logbook: logbookJk02_32s,
    detailLog: detailLogJk02_32s,
  },
} as const satisfies Readonly<Record<Variant, Partial<Readonly<Record<RecordName, Layout>>>>>;

export {
  cellDataJk02_24s,
  cellDataJk02_32s,
  cellDataJk04,
  detailLogJk02_32s,
  deviceInfoJk02_24s,
  deviceInfoJk02_32s,
  deviceInfoJk04,
  logbookJk02_32s,
  settingsJk02_24s,
  settingsJk02_32s,
  settingsJk04,
};
