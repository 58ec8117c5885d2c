import type { VariantLayouts } from '../../layout.ts';
import { cellDataJk02_32s } from './cell-data.ts';
import { detailLogJk02_32s } from './detail-log.ts';
import { deviceInfoJk02_32s } from './device-info.ts';
import { logbookJk02_32s } from './logbook.ts';
import { settingsJk02_32s } from './settings.ts';

/** JK02_32S: up to 32 cells, with maps of what the device has (reference, sections 5.1, 5.4, 5.7, 5.9 and 5.10). */
export const jk02_32s = {
  cellData: cellDataJk02_32s,
  settings: settingsJk02_32s,
  deviceInfo: deviceInfoJk02_32s,
  logbook: logbookJk02_32s,
  detailLog: detailLogJk02_32s,
} as const satisfies VariantLayouts;
