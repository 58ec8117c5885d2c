import type { Layout } from '../../layout.ts';

/** Record 0x05 of variant JK02_32S, the answer to 0xA1 (reference, section 5.9). */
// A table is read by its columns:
// prettier-ignore
export const logbookJk02_32s = {
  variant: 'jk02-32s',
  record: 'logbook',
  fields: {
    frameCounter: { at: 5, type: 'u8', help: 'Value of the next 0x02 frame, or a private value' },
    entryCount: { at: 6, type: 'u32', help: 'Entries in the logbook; the first 50 at most are in the record' },
    check: { at: 10, type: 'u8', help: 'One less than the number of entries' },
    entries: { at: 11, type: 'struct', size: 5, count: 50, help: 'Events, oldest first; those beyond the count mean nothing', fields: {
      timestamp: { at: 0, type: 'u32', unit: 's', help: 'Run time of the device at the event' },
      code: { at: 4, type: 'u8', help: 'What happened' },
    } },
    unknown261: { at: 261, type: 'bytes', size: 38, help: 'Unknown' },
  },
} as const satisfies Layout;
