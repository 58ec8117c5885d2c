import { log } from '@ubmsc/base';
import type { Log } from '@ubmsc/exporter';

/** Where outputs log: their lines name the exporter, as they always did. */
export const logLine: Log = (level, text) => log(level, 'exporter', () => text);
