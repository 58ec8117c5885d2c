import type { VariantLayouts } from '../../layout.ts';
import { cellDataJk02_24s } from './cell-data.ts';
import { deviceInfoJk02_24s } from './device-info.ts';
import { settingsJk02_24s } from './settings.ts';

/** JK02_24S: up to 24 cells (reference, sections 5.2, 5.5 and 5.8). */
export const jk02_24s = {
  cellData: cellDataJk02_24s,
  settings: settingsJk02_24s,
  deviceInfo: deviceInfoJk02_24s,
} as const satisfies VariantLayouts;
