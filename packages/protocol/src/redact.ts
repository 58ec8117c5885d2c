import { fieldSize, type Field } from './field.ts';
import { sealFrame, type Frame } from './frame.ts';
import { layouts } from './layouts/index.ts';

const deviceInfos = Object.values(layouts).map(({ deviceInfo }) => deviceInfo.fields);

/** A frame is redacted before its variant is known, so what is secret in one variant is blanked in all of them. */
const secrets = deviceInfos
  .flatMap((fields): Field[] => Object.values(fields))
  .filter(({ secret }) => secret === true);

const serialNumbers = deviceInfos.map(({ serialNumber }) => serialNumber);

/**
 * The frame without what must not leave the program: NULs in place of both passcodes and of the bytes that older
 * units leave behind the serial number, and a checksum that fits (reference, sections 5.8 and 8.15). Works for every
 * variant without knowing it. Records without secrets come back as they are. Never throws.
 */
export function redact(frame: Frame): Frame {
  if (frame.record !== 'deviceInfo') return frame;
  const bytes = frame.bytes.slice();
  for (const field of secrets) bytes.fill(0, field.at, field.at + fieldSize(field));
  for (const { at, size } of serialNumbers) {
    const end = bytes.subarray(at, at + size).indexOf(0);
    if (end >= 0) bytes.fill(0, at + end, at + size);
  }
  return sealFrame(frame.record, bytes);
}
