import { FRAME_LENGTH, type Frame } from './frame.ts';
import type { Variant } from './layout.ts';
import { cellDataJk02_32s, deviceInfoJk02_32s, settingsJk02_32s } from './layouts/index.ts';

/**
 * The variant that a frame proves by its structure, or undefined when it proves none (reference, section 4.3):
 * only JK02_32S fills the map of commands that it supports and the maps of fields that mean something.
 */
export function variantOf(frame: Frame): Variant | undefined {
  const { commandSupport } = deviceInfoJk02_32s.fields;
  const { enableFlags } = cellDataJk02_32s.fields;
  switch (frame.record) {
    case 'deviceInfo':
      return anySet(frame, commandSupport.at, commandSupport.size) ? 'jk02-32s' : undefined;
    case 'cellData':
      // Bits 1 to 7 and 16 to 22 are set on every device, whatever its model.
      return frame.bytes[enableFlags.at] === 0xfe && frame.bytes[enableFlags.at + 2] === 0x7f
        ? 'jk02-32s'
        : undefined;
    case 'settings': {
      const { at, size } = settingsJk02_32s.fields.enableFlags;
      return anySet(frame, at, size) ? 'jk02-32s' : undefined;
    }
    case 'logbook':
    case 'detailLog':
      return undefined;
  }
}

function anySet(frame: Frame, at: number, size: number): boolean {
  return frame.bytes.subarray(at, Math.min(at + size, FRAME_LENGTH)).some((byte) => byte !== 0);
}
