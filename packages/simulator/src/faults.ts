import { UsageError } from '@ubmsc/protocol';
import { connectHang, dropAfter, heldByOther, staleSession, untold, vanish } from './air-faults.ts';
import type { Fault, FaultyDevice, FaultyLink, LinkFault } from './fault.ts';
import {
  cellDataField,
  count,
  either,
  milliseconds,
  number,
  oneOf,
  records,
  seconds,
  share,
  text,
  type ValueKind,
} from './fault-value.ts';
import { firmwareTraits } from './firmware.ts';
import { drop, duplicate, heartbeatFlood, splitHeader } from './notification-faults.ts';
import { pairing } from './pairing-fault.ts';
import * as onRecord from './record-faults.ts';
import { impostor, loseRequests, muteAfter, pauseOnWrite, stall } from './request-faults.ts';

/** Makes a fault for one device. */
export type MakeFault = (device: FaultyDevice) => Fault;

/** One row of {@link faults}. */
export interface FaultRow {
  /** What it does. */
  readonly help: string;
  /** Entry of the catalogue of failures that have been seen in the field, or section of the reference. */
  readonly seen: string;
  /** How its value is written, and which one it has when none is. */
  readonly value?: { readonly form: string; readonly range: string; readonly default: string };
  /** Takes the value as it is written; undefined when it is none. */
  readonly parse: (value: string | undefined) => MakeFault | undefined;
}

/** A row without a value. */
function plain(seen: string, help: string, make: MakeFault): FaultRow {
  return { help, seen, parse: (value) => (value === undefined ? make : undefined) };
}

/** A row with a value. */
function valued<Value>(
  seen: string,
  help: string,
  kind: ValueKind<Value>,
  standard: string,
  make: (value: Value, device: FaultyDevice) => Fault,
): FaultRow {
  return {
    help,
    seen,
    value: { form: kind.form, range: kind.range ?? kind.form, default: standard },
    parse: (written = standard) => {
      const value = kind.parse(written);
      return value === undefined ? undefined : (device) => make(value, device);
    },
  };
}

/** A fault of each link. */
function each(link: (link: FaultyLink) => LinkFault): Fault {
  return { link };
}

/** Everything that can go wrong with a simulated device, by the name under which it is asked for. */
// A table is read by its columns:
// prettier-ignore
export const faults = {
  // Advertising and identity
  'held-by-other': valued('A1', 'another central holds the device, and frees it after a time; 0 is never', seconds, '0', (time) => heldByOther(time * 1000)),
  'stale-session': valued('A2', 'after a link that was lost, not closed, it is not heard for a time', seconds, '30', (time) => staleSession(time * 1000)),
  'name': valued('A3', 'advertises this name; none when it is empty', text, '', (advertisedName) => ({ advertisedName })),
  'rssi': valued('A7', 'is heard with this strength in dBm; -127 is unknown', count('DBM', -127, 20), '-127', (rssi) => ({ rssi })),
  'impostor': valued('A5', 'is another device behind the same service: an ANT BMS, or a UART that echoes', oneOf('ant', 'uart'), 'ant', (kind) => ({ traits: { heartbeats: false }, link: (link) => impostor(kind, link) })),

  // Links
  'connect-hang': plain('B1', 'advertises, but connecting never completes', connectHang),
  'lost-connection-complete': plain('B1', 'connects, but the host of the central is not told', () => untold('leConnectionComplete')),
  'drop-after': valued('B3', 'each link is lost so long after it began, with reason 0x3E', milliseconds, '0', (time) => dropAfter(time, 'notEstablished')),
  'flap': valued('B7', 'each link lasts so long, then ends by supervision time-out, reason 0x08', seconds, '20', (time) => dropAfter(time * 1000, 'timeout')),
  'pairing': valued('B5', 'wants to be paired: refuses to be subscribed to, hangs up after 5 s, or echoes', oneOf('required', 'kick', 'echo'), 'required', pairing),
  'mute-after': valued('B6', 'after so many cell data records nothing goes through, though the link stays', records, '5', (sound) => each(() => muteAfter(sound))),
  'no-disconnect-event': plain('B6', 'the host of the central is not told that the link has ended', () => untold('disconnectionComplete')),
  'vanish': valued('H3', 'the adapter of the central is unplugged so long after it has connected', seconds, '5', (time) => vanish(time * 1000)),

  // GATT
  'gatt': valued('C3', 'discovery finds no services', oneOf('empty'), 'empty', () => ({ services: () => [] })),
  'mtu': valued('C4', 'agrees to no larger ATT_MTU', count('BYTES', 23, 247), '23', (maxMtu) => ({ maxMtu })),
  'dup-notify': valued('C7', 'a share of the notifications comes twice', share, '1', (part) => each((link) => duplicate(part, link))),
  'drop-notify': valued('§10', 'a share of the notifications is lost', share, '0.02', (part) => each((link) => drop(part, link))),

  // Requests and stream
  'lost-request': valued('§1.4', 'the first requests of each link are lost', count('REQUESTS', 1, 1000), '1', (lost) => each(() => loseRequests(lost))),
  'firmware': valued('D1', '0x96 starts the stream only behind 0x97', oneOf('v19'), 'v19', () => ({ traits: firmwareTraits('19') })),
  'write-pauses-stream': valued('D2', 'a request while it streams stops the stream for a time', seconds, '25', (time) => each((link) => pauseOnWrite(time * 1000, link))),
  'stop-after': valued('D3', 'the stream stops after so many cell data records, until 0x96 comes again', records, '5', (sound) => each(() => onRecord.stopAfter(sound))),
  'freeze': valued('D4', 'after so many cell data records the same one comes again and again', records, '5', (sound) => each(() => onRecord.freeze(sound, false))),
  'freeze-payload': valued('D4', 'as freeze, but the frame counter goes on', records, '5', (sound) => each(() => onRecord.freeze(sound, true))),
  'start-offset': valued('D5', 'the stream of each link begins so far inside a record', count('BYTES', 1, 299), '256', (offset) => each((link) => onRecord.startInside(offset, link))),

  // Framing
  'at-flood': valued('E1', 'heartbeats every so many ms, or behind each notification, whole or in two', either(number('MS', 10, 60_000), oneOf('inline', 'split')), '150', (how) => each((link) => heartbeatFlood(how, link))),
  'tail': valued('E2', 'so many bytes stick to each record: a heartbeat (4), an acknowledge (20)', oneOf('4', '20'), '20', (length) => each(() => onRecord.tail(length))),
  'glue': plain('E4', 'cell data records come in pairs: a header in the middle of a notification', () => each(onRecord.glue)),
  'split-header': plain('E4', 'each header comes in two notifications', () => each(splitHeader)),
  'truncate': valued('E4', 'a share of the records is cut off by the next header', share, '0.1', (part) => each((link) => onRecord.truncate(part, link))),
  'payload-header': plain('E5', 'the user data of device info hold the header of a record', () => each(onRecord.headerInPayload)),
  'corrupt': valued('E6', 'two neighbouring bytes of cell data are swapped: the checksum fits', oneOf('swap'), 'swap', () => each(onRecord.swap)),
  'drop-zero': valued('E6', 'a share of the cell data records lacks a zero byte', share, '0.1', (part) => each((link) => onRecord.dropZero(part, link))),
  'crc-rate': valued('E7', 'a share of the records has a wrong byte: the checksum does not fit', share, '0.2', (part) => each((link) => onRecord.wrongChecksums(part, link))),
  'truncate-forever': plain('E8', 'the first cell data record ends inside; then silence until 0x96 comes again', () => each(stall)),
  'type': valued('E9', 'behind each cell data record comes one of this type, as 0x06', count('TYPE', 0, 255), '0x06', (type) => each(() => onRecord.otherType(type))),

  // Values
  'no-cells': plain('G1', 'no cell is connected: mask 0, 0 V, cell count alarm', () => each(onRecord.noCells)),
  'zero-cell': valued('G2', 'the cell of this number, from 1, reads 0 V', count('CELL', 1, 32), '2', (cell) => each((link) => onRecord.zeroCell(cell, link))),
  'cells': valued('G3', 'after five cell data records only so many cells are left, as 15 of 16', count('CELLS', 0, 32), '3', (cells) => each((link) => onRecord.fewerCells(cells, link))),
  'sentinels': plain('G5', 'every temperature is that of an absent probe, -200.0 °C', () => each(onRecord.sentinels)),
  'counter-reset': valued('G10', 'after so many cell data records counters and uptime begin at 0', records, '5', (sound) => each((link) => onRecord.restart(sound, link))),
  'spike': valued('G11', 'a tenth of the cell data records has 0 or the most in this field', cellDataField, 'stateOfCharge', (field) => each((link) => onRecord.spike(field, 0.1, link))),
  'string': valued('G12', 'the device name in device info is an escape sequence, or bytes 0xFF', oneOf('ansi', 'ff'), 'ansi', (kind) => each((link) => onRecord.badString(kind, link))),
} as const satisfies Readonly<Record<string, FaultRow>>;

export type FaultName = keyof typeof faults;

/** A fault with its value. */
export interface ChosenFault {
  readonly name: FaultName;
  readonly make: MakeFault;
}

/** Faults that act together, in this order. */
export type FaultSet = readonly ChosenFault[];

const isFaultName = (name: string): name is FaultName => Object.hasOwn(faults, name);

/**
 * The faults that are written as `NAME` or `NAME=value`.
 * @throws {UsageError} there is no such fault, or it cannot have this value.
 */
export function parseFaults(specs: readonly string[]): FaultSet {
  return specs.map((spec) => {
    const end = spec.indexOf('=');
    const name = end < 0 ? spec : spec.slice(0, end);
    const value = end < 0 ? undefined : spec.slice(end + 1);
    if (!isFaultName(name)) {
      throw new UsageError(`no fault is called ${JSON.stringify(name)}`, '--list-faults lists them');
    }
    const row: FaultRow = faults[name];
    const make = row.parse(value);
    if (make) return { name, make };
    const problem = row.value
      ? `the fault ${name} takes ${row.value.range}, not ${JSON.stringify(value)}`
      : `the fault ${name} takes no value`;
    throw new UsageError(problem, '--list-faults lists them');
  });
}

/** The table of {@link faults} as text: how each is written, what it does, where it was seen. */
export function listFaults(): string {
  const rows = Object.entries<FaultRow>(faults).map(([name, { value, help, seen }]) => {
    const written = value ? `${name}[=${value.form}]` : name;
    const standard =
      value && value.default !== '' && value.form !== value.default ? ` (default ${value.default})` : '';
    return [written, seen, help + standard] as const;
  });
  const width = Math.max(...rows.map(([written]) => written.length));
  return rows
    .map(([written, seen, help]) => `${written.padEnd(width)}  ${seen.padEnd(4)}  ${help}\n`)
    .join('');
}
