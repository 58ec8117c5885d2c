import { UsageError } from '@ubmsc/base';
import { variants } from '@ubmsc/protocol';
import * as adapter from './adapter-faults.ts';
import { advertisementNames } from '../carriers/advertising-data.ts';
import * as air from './air-faults.ts';
import { discoveryHang, serverMtuExchange, subscribeHang } from './att-faults.ts';
import type { Fault, FaultyDevice, FaultyLink, LinkFault, MakeFault } from './fault.ts';
import {
  alarmName,
  cellDataField,
  count,
  either,
  milliseconds,
  number,
  oneOf,
  records,
  seconds,
  share,
  shortText,
  text,
  withShare,
  type ValueKind,
} from './fault-value.ts';
import { firmwareTraits } from '../device/firmware.ts';
import { gatt } from './gatt-faults.ts';
import * as onNotification from './notification-faults.ts';
import { pairing } from './pairing-fault.ts';
import * as onRecord from './record-faults.ts';
import * as onRequest from './request-faults.ts';
import * as onValue from './value-faults.ts';

/** One row of {@link faults}. */
export interface FaultRow {
  /** What it does. */
  readonly help: string;
  /** Where it was seen: issues of projects on GitHub, or captures of real devices; empty when it is a precaution. */
  readonly seen: string;
  /** It does not happen in the field, and tests what remains when it does: wrong readings may come of it. */
  readonly isStressTest?: true;
  /** How its value is written, and which one it has when none is. */
  readonly value?: { readonly form: string; readonly range: string; readonly default: string };
  /** Takes the value as it is written; undefined when it is not valid. */
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

/** A row with a value, whose devices have something in common. */
function shared<Value>(
  seen: string,
  help: string,
  kind: ValueKind<Value>,
  standard: string,
  make: (value: Value) => (link: FaultyLink) => LinkFault,
): FaultRow {
  const row = valued(seen, help, kind, standard, () => ({}));
  return {
    ...row,
    parse: (written = standard) => {
      const value = kind.parse(written);
      if (value === undefined) return undefined;
      const link = make(value);
      return () => ({ link });
    },
  };
}

/** A row of what does not happen in the field. */
const stressTest = (row: FaultRow): FaultRow => ({ ...row, isStressTest: true });

/** A fault of each link. */
function each(link: (link: FaultyLink) => LinkFault): Fault {
  return { link };
}

/** Everything that can go wrong with a simulated device, by the name under which it is asked for. */
// A table is read by its columns:
// prettier-ignore
export const faults = {
  // Advertising and identity
  'held-by-other': valued('esphome-jk-bms#137', 'another central holds the device, and frees it after a time; 0 is never', seconds, '0', (time, device) => air.heldByOther(time * 1000, device)),
  'stale-session': valued('batmon-ha#261', 'after a link that was lost, not closed, it is not received for a time', seconds, '30', (time, device) => air.staleSession(time * 1000, device)),
  'out-of-range': valued('esphome-jk-bms#732', 'is carried away 5 s after each connection, and is back after a time', seconds, '30', (time, device) => air.outOfRange(time * 1000, device)),
  'name': valued('captures', 'advertises this name; none when it is empty', text, '', (advertisedName) => ({ advertisedName })),
  'rename': valued('', 'has this name when its first link has ended', text, 'Garage', air.rename),
  'advert': valued('BMS_BLE-HA#365', 'advertises as a module with this company identifier does', oneOf(...advertisementNames), '0x4B4A', (advertisement) => ({ advertisement })),
  'rssi': valued('BMS_BLE-HA#365', 'is received with this strength in dBm; -127 is unknown', count('DBM', -127, 20), '-127', air.heardAt),
  'impostor': valued('aiobmsble#199', 'is another device behind FFE0: an ANT BMS, or a UART that echoes', oneOf('ant', 'uart'), 'ant', (kind) => ({ traits: { heartbeats: false }, link: (link) => onRequest.impostor(kind, link) })),

  // Adapters of centrals
  'scan-mute': plain('noble#223', 'adapters never begin to scan', adapter.scanMute),
  'scan-stop-after': valued('signalk-victron-ble#30', 'adapters stop scanning this long after they began, without an event', seconds, '5', (time, device) => adapter.scanStopAfter(time * 1000, device)),
  'stop-hang': plain('abandonware/noble#39', 'adapters never say that they have stopped to scan', adapter.stopHang),
  'foreign-links': valued('noble#919', 'another program connects on the adapters that scan, every this many seconds', seconds, '5', (time, device) => adapter.foreignLinks(time * 1000, device)),
  'state-stuck': valued('noble#474', 'adapters do not disconnect: they stay so for ever', oneOf('disconnecting'), 'disconnecting', adapter.hungDisconnect),
  'vanish': valued('noble#858', 'the adapter is unplugged this long after it has connected, for 5 s', seconds, '5', (time, device) => adapter.vanish(time * 1000, device)),
  'power-cycle': valued('abandonware/noble#53', 'the adapter is without power for a time, 5 s after it has connected', seconds, '5', (time, device) => adapter.powerCycle(time * 1000, device)),

  // Links
  'connect-hang': plain('noble#183', 'advertises, but connecting never completes', air.connectHang),
  'lost-connection-complete': plain('noble#229', 'connects, but the host of the central is not told', () => air.untold('leConnectionComplete')),
  'drop-after': valued('esphome-jk-bms#482', 'each link is lost this long after it began, with reason 0x3E', milliseconds, '0', (time, device) => air.dropAfter(time, 'notEstablished', device)),
  'flap': valued('esphome-jk-bms#732', 'each link lasts this long, give or take a share, then times out, reason 0x08', withShare(seconds, 0), '20', ([time, jitter], device) => air.dropAfter(time * 1000, 'timeout', device, jitter)),
  'pairing': valued('BMS_BLE-HA#724', 'wants to be paired: refuses the subscription, hangs up after 5 s, echoes, asks', oneOf('required', 'kick', 'echo', 'request'), 'required', pairing),
  'mute-after': valued('BMS_BLE-HA#529', 'after this many cell data records nothing goes through; the link stays', records, '5', (sound) => each(() => onRequest.muteAfter(sound))),
  'no-disconnect-event': plain('noble#465', 'the host of the central is not told that the link has ended', () => air.untold('disconnectionComplete')),

  // GATT
  'gatt': valued('batmon-ha#310, BMS_BLE-HA#768', 'offers no services, FF00, all that were ever seen, or two characteristics FFE1', oneOf('empty', 'ff00', 'full', 'old-module'), 'empty', gatt),
  'discovery-hang': plain('batmon-ha#346', 'never answers who asks for services or characteristics', discoveryHang),
  'subscribe-hang': plain('', 'never confirms a subscription', subscribeHang),
  'mtu': valued('batmon-ha#385', 'agrees to no larger ATT_MTU', count('BYTES', 23, 247), '23', (maxMtu) => ({ maxMtu })),
  'mtu-exchange': valued('captures', 'asks for a larger ATT_MTU by itself', oneOf('server'), 'server', serverMtuExchange),
  'write': valued('BMS_BLE-HA#724', 'takes writes of one kind only, and swallows the others', oneOf('withResponse-only', 'withoutResponse-only'), 'withResponse-only', (how) => ({ deafTo: how === 'withResponse-only' ? 'withoutResponse' : 'withResponse' })),
  'answer-at-once': plain('bleak#374', 'answers at 0 ms', () => ({ traits: { answerTime: 0 } })),
  'dup-notify': valued('bleak#584', 'a share of the notifications comes twice', share, '1', (part) => each((link) => onNotification.duplicate(part, link))),
  'swap-notify': stressTest(valued('', 'a share of the notifications comes after the next one', share, '0.05', (part) => each((link) => onNotification.swapNotifications(part, link)))),
  'drop-notify': valued('bleak#374', 'a share of the notifications is lost', share, '0.02', (part) => each((link) => onNotification.drop(part, link))),
  'cccd-reset': valued('bleno#330', 'forgets the subscription after this many cell data records', records, '5', (sound) => each((link) => onNotification.resetSubscription(sound, link))),

  // Requests and stream
  'lost-request': valued('captures', 'the first requests of each link are lost', count('REQUESTS', 1, 1000), '1', (lost) => each(() => onRequest.loseRequests(lost))),
  'no-answer': valued('', 'never answers requests with this command, or any', oneOf('all', '0x97', '0x96', '0xa1'), 'all', (command) => each(() => onRequest.noAnswer(command))),
  'firmware': valued('esphome-jk-bms#1020', '0x96 starts the stream only after 0x97', oneOf('v19'), 'v19', () => ({ traits: firmwareTraits('19') })),
  'write-pauses-stream': valued('jk-bms-plus', 'a request while it streams stops the stream for a time', seconds, '25', (time) => each((link) => onRequest.pauseOnWrite(time * 1000, link))),
  'stop-after': valued('jk-bms-plus', 'the stream stops after this many cell data records, until 0x96 comes again', records, '5', (sound) => each(() => onRecord.stopAfter(sound))),
  'freeze': valued('BMS_BLE-HA#529', 'after this many cell data records the same one comes again and again', records, '5', (sound) => each(() => onRecord.freeze(sound, false))),
  'freeze-payload': valued('BMS_BLE-HA#529', 'as freeze, but the frame counter goes on', records, '5', (sound) => each(() => onRecord.freeze(sound, true))),
  'start-offset': valued('esphome-jk-bms#852', 'the stream of each link begins so far inside a record', count('BYTES', 1, 299), '256', (offset) => each((link) => onRecord.startInside(offset, link))),
  'cadence': valued('captures', 'cell data comes every this many ms', number('MS', 100, 60_000), '5000', (period) => ({ traits: { period } })),
  'crosstalk': shared('batmon-ha#391', 'while two devices stream, a share of the records has a wrong checksum', share, '0.2', onRecord.crosstalk),

  // Framing
  'at-flood': valued('mpp-solar#550', 'heartbeats every this many ms, after each notification, or cut in two', either(number('MS', 10, 60_000), oneOf('inline', 'split')), '150', (how) => each((link) => onNotification.heartbeatFlood(how, link))),
  'tail': valued('esphome-jk-bms#799', 'this many bytes stick to each record: a heartbeat (4), an acknowledge (20)', oneOf('0', '4', '20'), '20', (length) => each(() => onRecord.tail(length))),
  'ready': valued('aiobmsble', 'an acknowledge follows each cell data record, in its last notification or apart', oneOf('after-frame', 'separate'), 'after-frame', (how) => each((link) => onRecord.ready(how, link))),
  'glue': plain('batmon-ha#377', 'cell data records come in pairs: a header in the middle of a notification', () => each(onRecord.glue)),
  'split-header': plain('batmon-ha#377', 'each header comes in two notifications', () => each(onNotification.splitHeader)),
  'truncate': valued('batmon-ha#377', 'a share of the records is cut off by the next header', share, '0.1', (part) => each((link) => onRecord.truncate(part, link))),
  'payload-header': plain('', 'the user data of device info hold the header of a record', onValue.headerInPayload),
  'corrupt': stressTest(valued('', 'in a share of cell data two neighbouring bytes are swapped: the checksum fits', withShare(oneOf('swap'), 0.1), 'swap', ([, part]) => each((link) => onRecord.swap(part, link)))),
  'drop-zero': stressTest(valued('', 'a share of the cell data records lacks a zero byte', share, '0.1', (part) => each((link) => onRecord.dropZero(part, link)))),
  'crc-rate': valued('esphome-jk-bms#461', 'a share of the records has a wrong byte: the checksum does not fit', share, '0.2', (part) => each((link) => onRecord.wrongChecksums(part, link))),
  'truncate-forever': plain('mpp-solar#120', 'the first cell data record ends inside; then silence until 0x96 comes again', () => each(onRequest.stall)),
  'type': valued('captures', 'after each cell data record comes one of this type, as 0x06', count('TYPE', 0, 255), '0x06', (type) => each(() => onRecord.otherType(type))),

  // Variant and version
  'layout': valued('esphome-jk-bms#1061', 'records are those of another variant, whatever the version says', oneOf(...variants), 'jk02-24s', (variant) => ({ variant })),
  'hw': valued('esphome-jk-bms#607', 'says that this is its hardware version, as 10.XW, V19A, 15H', shortText, 'V19A', (hardwareVersion) => ({ info: { hardwareVersion } })),
  'sw': valued('esphome-jk-bms#1061', 'says that this is its software version, as 11.21h, 20.20', shortText, '25.01', (softwareVersion) => ({ info: { softwareVersion } })),
  'model-junk': plain('captures', 'a byte 0x10 stands after the NUL of the model', () => ({ info: { maxCells: 0x10 } })),

  // Values
  'no-cells': plain('esphome-jk-bms#852', 'no cell is connected: mask 0, 0 V, cell count alarm', onValue.noCells),
  'zero-cell': valued('', 'the cell of this number, from 1, reads 0 V', count('CELL', 1, 32), '2', onValue.zeroCell),
  'cells': valued('', 'after five cell data records only this many cells are left, as 15 of 16', count('CELLS', 0, 32), '3', onValue.fewerCells),
  'sentinels': plain('captures', 'every temperature is that of an absent probe, -200.0 °C', onValue.sentinels),
  'alarm': valued('captures', 'this alarm is active', alarmName, 'cellOverVoltage', onValue.alarm),
  'soc-jump': valued('dbus-serialbattery#703', 'after this many cell data records the battery is taken for full', records, '5', onValue.socJump),
  'counter-reset': valued('esphome-jk-bms#535', 'after this many cell data records counters and uptime begin at 0', records, '5', onValue.restart),
  'spike': valued('batmon-ha#207', 'a share of the records has 0 or the most in this field (three in a row pass)', withShare(cellDataField, 0.02), 'stateOfCharge', ([field, part]) => each((link) => onRecord.spike(field, part, link))),
  'string': valued('batmon-ha#349', 'the device name in device info is an escape sequence, or bytes 0xFF', oneOf('ansi', 'ff'), 'ansi', onValue.badString),
  'nan': plain('', 'a float of cell data is not a number', onValue.notANumber),
} as const satisfies Readonly<Record<string, FaultRow>>;

/** What has been seen in the field and cannot be had in an ether. */
const notSimulated = [
  'what a real controller or its driver does: a radio that is shared with Wi-Fi, advertising while connecting',
  'what the machine of the central does: rfkill, missing rights, BlueZ beside it, a clock that is set, suspension',
];

/** A fault of the table. */
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
      throw new UsageError(`no fault is called ${JSON.stringify(name)}`, 'listFaults() lists them');
    }
    const row: FaultRow = faults[name];
    const make = row.parse(value);
    if (make) return { name, make };
    const problem = row.value
      ? `the fault ${name} takes ${row.value.range}, not ${JSON.stringify(value)}`
      : `the fault ${name} takes no value`;
    throw new UsageError(problem, 'listFaults() lists them');
  });
}

/** The table of {@link faults} as text: how each is written, what it does, where it was seen; and what is not there. */
export function listFaults(): string {
  const lines = Object.entries<FaultRow>(faults).map(([name, { value, help, seen, isStressTest }]) => {
    const written = value ? `${name}[=${value.form}]` : name;
    // Of several words, the first one is the default.
    const isShown = value && value.default !== '' && value.form.split(/[|[]/)[0] !== value.default;
    const standard = isShown ? ` (default ${value.default})` : '';
    const origin = isStressTest ? '; a stress test, not seen' : seen && `; seen: ${seen}`;
    return `${written}\n    ${help}${standard}${origin}\n`;
  });
  return `${lines.join('')}\nNot simulated:\n${notSimulated.map((what) => `    ${what}\n`).join('')}`;
}
