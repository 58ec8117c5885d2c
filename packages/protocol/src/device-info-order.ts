import { decodeText, fieldSize } from './field.ts';
import { layouts } from './layouts/index.ts';

/** Fewer characters in a row may be numbers. */
const LEAST_TEXT = 4;

const infos = Object.values(layouts).map(({ deviceInfo }) => deviceInfo.fields);

/** Where text begins in the device info of any variant. */
const beginnings: ReadonlySet<number> = new Set(
  infos.flatMap((fields) => Object.values(fields).flatMap(({ at, type }) => (type === 'text' ? [at] : []))),
);

const { model, softwareVersion, manufacturingDate, serialNumber } = layouts['jk02-24s'].deviceInfo.fields;

const isPrintable = /^[ -~]+$/;

/** What these texts look like on every device, where there are any. */
const forms = [
  [model, /^JK/],
  [softwareVersion, /^\d+\./],
  [manufacturingDate, /^\d+$/],
] as const;

/**
 * Whether the texts of a device info record stand where they belong. The checksum is the same in any order of the
 * bytes, so it does not tell when notifications have changed places.
 */
export function isInOrder(bytes: Uint8Array): boolean {
  for (const [{ at, size }, form] of forms) {
    const text = decodeText(bytes, at, size);
    if (isPrintable.test(text) && !form.test(text)) return false;
  }
  const serialEnd = serialNumber.at + fieldSize(serialNumber);
  for (let at = model.at, start = at; at <= bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x20 && byte <= 0x7e) continue;
    // Older units have other bytes after the serial number.
    const isLeftover = start > serialNumber.at && at <= serialEnd;
    if (at - start >= LEAST_TEXT && !beginnings.has(start) && !isLeftover) return false;
    start = at + 1;
  }
  return true;
}
