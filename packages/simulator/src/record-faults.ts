import {
  acknowledge,
  alarms,
  cellFields,
  CHECKSUM_OFFSET,
  encode,
  FRAME_HEADER,
  FRAME_LENGTH,
  heartbeat,
  layouts,
  numberSizes,
  sealFrame,
  sum8,
  type CellFields,
  type Field,
  type RecordName,
} from '@ubmsc/protocol';
import type { FaultyDevice, FaultyLink, LinkFault } from './fault.ts';
import type { CellDataRecord } from './cell-data-record.ts';

type RecordFault = Required<Pick<LinkFault, 'record'>>;

/** Changes the bytes of records; what it does not return stays out of the stream. */
function onRecords(record: RecordFault['record']): RecordFault {
  return { record };
}

/** Changes only 0x02 records. */
function onCellData(change: (bytes: Uint8Array) => readonly Uint8Array[]): RecordFault {
  return onRecords((bytes, name) => (name === 'cellData' ? change(bytes) : [bytes]));
}

/** Changes the values of the 0x02 records behind the first `sound` ones; `index` counts from there. */
function onValues(
  { variant }: FaultyLink,
  change: (values: CellFields, index: number) => Partial<CellDataRecord>,
  sound = 0,
): RecordFault {
  let index = -sound;
  return onCellData((bytes) => {
    if (index++ < 0) return [bytes];
    const values = cellFields({ record: 'cellData', counter: 0, bytes }, variant);
    return [encode(layouts[variant].cellData, { ...values, ...change(values, index - 1) }).bytes];
  });
}

/** Header, record type and checksum stay right. */
function sealed(record: RecordName, bytes: Uint8Array): Uint8Array {
  return sealFrame(record, bytes).bytes;
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** The record behind `sound` ones comes again and again; with `counting`, its counter goes on. */
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

/** The first two neighbours that differ change places: the checksum still fits. */
export function swap(): RecordFault {
  return onCellData((bytes) => {
    const at = bytes.findIndex((byte, index) => index >= 6 && byte !== bytes[index + 1]);
    bytes.set([bytes[at + 1] ?? 0, bytes[at] ?? 0], at);
    return [bytes];
  });
}

/** The first zero of the payload is lost: the sum over what is left does not change. */
export function dropZero(share: number, { random }: FaultyDevice): RecordFault {
  return onCellData((bytes) => {
    const at = bytes.indexOf(0, 6);
    return [at < 0 || random() >= share ? bytes : join(bytes.subarray(0, at), bytes.subarray(at + 1))];
  });
}

/** Behind each 0x02 record comes one of this type, with a right checksum. */
export function otherType(type: number): RecordFault {
  return onCellData((bytes) => {
    const other = bytes.slice();
    other[4] = type;
    other[CHECKSUM_OFFSET] = sum8(other, 0, CHECKSUM_OFFSET);
    return [bytes, other];
  });
}

/** Stops the stream behind `sound` 0x02 records, until settings are asked for again. */
export function stopAfter(sound: number): RecordFault {
  let count = 0;
  return onRecords((bytes, name) => {
    if (name === 'settings') count = 0;
    return name === 'cellData' && count++ >= sound ? [] : [bytes];
  });
}

/** Writes the bytes of a text of the device info. */
function onText({ variant }: FaultyLink, field: 'deviceName' | 'userData', text: Uint8Array): RecordFault {
  const { at, size } = layouts[variant].deviceInfo.fields[field];
  return onRecords((bytes, name) => {
    if (name !== 'deviceInfo') return [bytes];
    bytes.fill(0, at, at + size);
    bytes.set(text.subarray(0, size), at);
    return [sealed('deviceInfo', bytes)];
  });
}

/** A text of the device info holds the header of a record. */
export function headerInPayload(link: FaultyLink): RecordFault {
  return onText(link, 'userData', Uint8Array.from(FRAME_HEADER));
}

/** What the device calls itself is an escape sequence of terminals, or bytes that no UTF-8 has. */
export function badString(kind: 'ansi' | 'ff', link: FaultyLink): RecordFault {
  return onText(
    link,
    'deviceName',
    kind === 'ff' ? new Uint8Array(16).fill(0xff) : Buffer.from('\u{1b}[2J\u{1b}[31mJK\u{7}'),
  );
}

/** No cell is connected. */
export function noCells(link: FaultyLink): RecordFault {
  return onValues(link, (values) => firstCells(values, 0));
}

/** The cell with this number, from 1, reads 0 V. */
export function zeroCell(cell: number, link: FaultyLink): RecordFault {
  return onValues(link, (values) => ({
    cellVoltages: values.cellVoltages.map((voltage, index) => (index === cell - 1 ? 0 : voltage)),
  }));
}

/** Behind five records only the first `cells` are enabled. */
export function fewerCells(cells: number, link: FaultyLink): RecordFault {
  return onValues(link, (values) => firstCells(values, cells), 5);
}

/** What a device says that has only the first `most` of its cells, though its settings count all: other slots are empty. */
function firstCells(values: CellFields, most: number): Partial<CellDataRecord> {
  const only = (numbers: readonly number[]): number[] =>
    numbers.map((each, index) => (index < most ? each : 0));
  const cellVoltages = only(values.cellVoltages);
  const cells = cellVoltages.filter((voltage) => voltage > 0);
  const packVoltage = cells.reduce((sum, voltage) => sum + voltage, 0);
  const [highest, lowest] = cells.length > 0 ? [Math.max(...cells), Math.min(...cells)] : [0, 0];
  return {
    cellVoltages,
    cellWireResistances: only(values.cellWireResistances),
    enabledCells: 2 ** cells.length - 1,
    averageCellVoltage: packVoltage / Math.max(1, cells.length),
    deltaCellVoltage: highest - lowest,
    maxCellIndex: cellVoltages.indexOf(highest),
    minCellIndex: cellVoltages.indexOf(lowest),
    packVoltage,
    packVoltage2: packVoltage,
    packPower: Math.abs(packVoltage * (values.packCurrent ?? 0)),
    alarms: ((values.alarms ?? 0) | (2 ** alarms.cellCountMismatch.bit)) >>> 0,
  };
}

/** Every probe is absent, −200.0 °C on the wire. */
export function sentinels(link: FaultyLink): RecordFault {
  return onValues(link, () => ({
    mosTemperature: null,
    temperature1: null,
    temperature2: null,
    temperature3: null,
    temperature4: null,
    temperature5: null,
  }));
}

/** Behind `sound` records the device has restarted: its counters begin at 0. */
export function restart(sound: number, link: FaultyLink): RecordFault {
  let boot: number | undefined;
  return onValues(
    link,
    (values, index) => {
      boot ??= values.sysRunTicks;
      return {
        frameCounter: index % 256,
        sysRunTicks: values.sysRunTicks - boot,
        cycleCount: 0,
        cycleCapacity: 0,
      };
    },
    sound,
  );
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
