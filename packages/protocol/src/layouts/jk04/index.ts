import type { VariantLayouts } from '../../layout.ts';
import { cellDataJk04 } from './cell-data.ts';
import { deviceInfoJk04 } from './device-info.ts';
import { settingsJk04 } from './settings.ts';

/** JK04: balancers, with numbers as floats (reference, sections 5.3, 5.6 and 5.8). */
export const jk04 = {
  cellData: cellDataJk04,
  settings: settingsJk04,
  deviceInfo: deviceInfoJk04,
} as const satisfies VariantLayouts;
