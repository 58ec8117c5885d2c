import {
  acknowledge,
  CHECKSUM_OFFSET,
  FRAME_LENGTH,
  heartbeat,
  layouts,
  numberSizes,
  sealFrame,
  sum8,
  type Field,
  type RecordName,
} from '@ubmsc/protocol';
import type { FaultyDevice, FaultyLink, LinkFault } from './fault.ts';

type RecordFault = Required<Pick<LinkFault, 'record'>>;

/** Changes the bytes of records; what it does not return stays out of the stream. */
function onRecords(record: RecordFault['record']): RecordFault {
  return { record };
}

/** Changes only 0x02 records. */
function onCellData(change: (bytes: Uint8Array) => readonly Uint8Array[]): RecordFault {
  return onRecords((bytes, name) => (name === 'cellData' ? change(bytes) : [bytes]));
}

/** Header, record type and checksum stay right. */
function sealed(record: RecordName, bytes: Uint8Array): Uint8Array {
  return sealFrame(record, bytes).bytes;
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** The record after `sound` ones comes again and again; with `counting`, its counter goes on. */
export function freeze(sound: number, counting: boolean): RecordFault {
  let count = 0;
  let frozen: Uint8Array | undefined;
  return onCellData((bytes) => {
    if (count++ < sound) return [bytes];
    frozen ??= bytes.slice();
    if (!counting) return [frozen.slice()];
    const next = frozen.slice();
    next.set(bytes.subarray(5, 6), 5);
    return [sealed('cellData', next)];
  });
}

/** The first record follows the end of one that was under way. */
export function startInside(offset: number, link: FaultyLink): RecordFault {
  let started = false;
  return onRecords((bytes) => {
    if (started) return [bytes];
    started = true;
    return [join(link.cellData().subarray(offset), bytes)];
  });
}

/** Records leave the device in pairs, as one run of bytes. */
export function glue(): RecordFault {
  let held: Uint8Array | undefined;
  return onCellData((bytes) => {
    const first = held;
    held = first ? undefined : bytes;
    return first ? [join(first, bytes)] : [];
  });
}

/** What sticks to the end of a record: its length in bytes, heartbeat or acknowledge. */
export function tail(length: '0' | '4' | '20'): RecordFault {
  const appended = { 0: new Uint8Array(0), 4: heartbeat, 20: acknowledge }[length];
  return onRecords((bytes) => [join(bytes, appended)]);
}

/** A share of the records ends in the middle. */
export function truncate(share: number, { random }: FaultyDevice): RecordFault {
  return onRecords((bytes) => [random() < share ? bytes.slice(0, FRAME_LENGTH / 2) : bytes]);
}

/** A share of the records has one wrong byte, so that the checksum does not fit. */
export function wrongChecksums(share: number, { random }: FaultyDevice): RecordFault {
  return onRecords((bytes) => {
    if (random() >= share) return [bytes];
    const at = 6 + Math.floor(random() * (CHECKSUM_OFFSET - 6));
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    return [bytes];
  });
}

/** In a share of the records two neighbours that differ change places, anywhere: the checksum still fits. */
export function swap(share: number, { random }: FaultyDevice): RecordFault {
  return onCellData((bytes) => {
    if (random() >= share) return [bytes];
    const from = 6 + Math.floor(random() * (CHECKSUM_OFFSET - 7));
    const differs = (byte: number, index: number): boolean =>
      index >= 6 && index < CHECKSUM_OFFSET - 1 && byte !== bytes[index + 1];
    const later = bytes.findIndex((byte, index) => index >= from && differs(byte, index));
    const at = later >= 0 ? later : bytes.findIndex(differs);
    bytes.set([bytes[at + 1] ?? 0, bytes[at] ?? 0], at);
    return [bytes];
  });
}

/** The first zero of the payload is lost: the sum over the rest does not change. */
export function dropZero(share: number, { random }: FaultyDevice): RecordFault {
  return onCellData((bytes) => {
    const at = bytes.indexOf(0, 6);
    return [at < 0 || random() >= share ? bytes : join(bytes.subarray(0, at), bytes.subarray(at + 1))];
  });
}

/** After each 0x02 record comes one of this type, with a right checksum. */
export function otherType(type: number): RecordFault {
  return onCellData((bytes) => {
    const other = bytes.slice();
    other[4] = type;
    other[CHECKSUM_OFFSET] = sum8(other, 0, CHECKSUM_OFFSET);
    return [bytes, other];
  });
}

/** Stops the stream after `sound` 0x02 records, until settings are asked for again. */
export function stopAfter(sound: number): RecordFault {
  let count = 0;
  return onRecords((bytes, name) => {
    if (name === 'settings') count = 0;
    return name === 'cellData' && count++ >= sound ? [] : [bytes];
  });
}

/** The acknowledge follows each 0x02 record: in its last notification, or in one of its own. */
export function ready(how: 'after-frame' | 'separate', link: FaultyLink): RecordFault {
  return onCellData((bytes) => {
    if (how === 'after-frame') return [join(bytes, acknowledge)];
    link.after(SEPARATE, () => link.send(acknowledge));
    return [bytes];
  });
}

/** Time in ms from a record to an acknowledge of its own. */
const SEPARATE = 150;

/** How long a device counts as streaming after a 0x02 record, in ms. */
const STREAMING = 3000;

/**
 * Makes a fault of devices that share the air: while two of them or more stream, a share of the records of each has a
 * wrong checksum.
 */
export function crosstalk(share: number): (link: FaultyLink) => RecordFault {
  const latest = new Map<FaultyLink, number>();
  return (link) => {
    const { record: damage } = wrongChecksums(share, link);
    return onCellData((bytes) => {
      const now = performance.now();
      latest.set(link, now);
      for (const [each, time] of latest) if (now - time > STREAMING) latest.delete(each);
      return latest.size > 1 ? damage(bytes, 'cellData') : [bytes];
    });
  };
}

/** A share of the records has 0 in a field, or the most that it holds. */
export function spike(name: string, share: number, { random, variant }: FaultyLink): RecordFault {
  const fields: Readonly<Record<string, Field>> = layouts[variant].cellData.fields;
  const field = fields[name];
  const size = field === undefined ? 0 : valueSize(field);
  return onCellData((bytes) => {
    if (field === undefined || random() >= share) return [bytes];
    const high = random() < 0.5;
    bytes.fill(high ? 0xff : 0, field.at, field.at + size);
    if (high && field.type.startsWith('i')) bytes[field.at + size - 1] = 0x7f;
    return [sealed('cellData', bytes)];
  });
}

/** Length in bytes of a value: of a list, of its first one. */
function valueSize(field: Field): number {
  return 'size' in field ? field.size : numberSizes[field.type];
}
