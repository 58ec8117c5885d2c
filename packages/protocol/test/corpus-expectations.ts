import { batteryTypes, controls } from '../src/codes.ts';
import { cellFields, type CellFields } from '../src/cell-fields.ts';
import { toDeviceInfo, type DeviceInfo } from '../src/device-info.ts';
import { hasBit } from '../src/field.ts';
import type { Frame } from '../src/frame.ts';
import { decode, type Values } from '../src/layout.ts';
import { layouts, type Variant } from '../src/layouts/index.ts';
import { decodeReading, type Reading } from '../src/reading.ts';

type Newest = (typeof layouts)['jk02-32s'];

/** What the program makes of the frames of a capture: what it shows, and the fields that this comes from. */
export interface Decoded {
  readonly frame: Frame;
  readonly reading: Partial<Reading>;
  readonly cells: Partial<CellFields>;
  readonly info: Partial<DeviceInfo>;
  readonly device: Partial<Values<Newest['deviceInfo']>>;
  readonly settings: Partial<Values<Newest['settings']>>;
  readonly logbook: Partial<Values<Newest['logbook']>>;
}

/** The records of a capture complete each other. */
export function decodeAll(frames: readonly { frame: Frame; variant: Variant }[]): Decoded | undefined {
  return frames.reduce<Decoded | undefined>((before, { frame, variant }) => {
    const nothing = { reading: {}, cells: {}, info: {}, device: {}, settings: {}, logbook: {} };
    return { ...(before ?? nothing), frame, ...decodeRecord(frame, variant) };
  }, undefined);
}

function decodeRecord(frame: Frame, variant: Variant): Partial<Decoded> {
  switch (frame.record) {
    case 'cellData':
      return { reading: decodeReading(frame, variant, 0), cells: cellFields(frame, variant) };
    case 'deviceInfo': {
      const device = decode(layouts[variant].deviceInfo, frame);
      return { info: toDeviceInfo(device), device };
    }
    case 'settings':
      return { settings: decode(layouts[variant].settings, frame) };
    case 'logbook':
      return { logbook: decode(layouts['jk02-32s'].logbook, frame) };
    case 'detailLog':
      return {};
  }
}

/** How a source calls a value, and where that value is in what was decoded. */
interface Meaning {
  /** The repository whose name it is, where others mean something else by it. */
  readonly source?: string;
  /** `#` stands for the number in a name, which is given to `value`. */
  readonly names: readonly string[];
  readonly value: (decoded: Decoded, index: number) => unknown;
  /** How far apart the values may be: half of the last digit that the source gives. Nothing when left out. */
  readonly within?: number;
}

/** Thousandths of volts, amperes, ohms and ampere hours are given in full; so are tenths of degrees. */
const thousandth = 0.0005;
const milli = 0.5;
const tenth = 0.05;

/**
 * The power is worked out of a voltage and a current that the device has rounded to thousandths, the source's one
 * comes from the device (reference, section 8.2).
 */
const watts = 0.01;

/** Every name in the captures' `expected`. What each source means is stated in the reference, sections 5 and 9. */
// A table is read by its columns:
// prettier-ignore
const meanings: readonly Meaning[] = [
  // Frame
  { names: ['Header'], value: ({ frame }) => Buffer.from(frame.bytes.subarray(0, 4)).toString('hex') },
  { names: ['Record_Type'], value: ({ frame }) => Buffer.from(frame.bytes.subarray(4, 5)).toString('hex') },
  { names: ['Record_Counter'], value: ({ frame }) => frame.counter },

  // Cells. Slots without a cell are not shown; a source that lists them all the same says 0.
  { names: ['cell_voltage_#', 'Voltage_Cell# [V]'], value: ({ reading }, n) => reading.cellVoltage && (reading.cellVoltage[n - 1] ?? 0), within: thousandth },
  { names: ['cell_resistance_#', 'Resistance_Cell# [Ohm]'], value: ({ reading }, n) => reading.cellResistance && (reading.cellResistance[n - 1] ?? 0), within: thousandth },
  { names: ['voltages_mv_#'], value: ({ reading }, n) => times(reading.cellVoltage?.[n - 1], 1000), within: milli },
  { names: ['cellVoltagesMv[#]'], value: ({ reading }, n) => times(reading.cellVoltage?.[n], 1000), within: milli },
  { names: ['cellCount'], value: ({ reading }) => reading.cellVoltage?.length },
  { names: ['average_cell_voltage', 'Average_Cell_Voltage [V]'], value: ({ reading }) => reading.averageCellVoltage, within: thousandth },
  { names: ['delta_cell_voltage', 'Delta_Cell_Voltage [V]'], value: ({ reading }) => reading.deltaCellVoltage, within: thousandth },
  // This source takes the device's own, which lags behind the cells (section 8.1).
  { source: 'katyo/ubmsc-rs', names: ['delta_cell_voltage'], value: ({ cells }) => cells.deltaCellVoltage, within: thousandth },
  { names: ['min_cell_voltage'], value: ({ reading }) => reading.lowestCellVoltage, within: thousandth },
  { names: ['max_cell_voltage'], value: ({ reading }) => reading.highestCellVoltage, within: thousandth },
  { names: ['min_voltage_cell'], value: ({ reading }) => plus(reading.lowestCell, 1) },
  { names: ['max_voltage_cell'], value: ({ reading }) => plus(reading.highestCell, 1) },
  { names: ['balancing'], value: ({ reading }) => reading.balancing },
  { names: ['balancer_status_bitmask'], value: ({ cells }) => cells.balanceState },
  { names: ['balance_current', 'Current_Balancer'], value: ({ reading }) => reading.balanceCurrent, within: thousandth },

  // Pack
  { names: ['total_voltage'], value: totalVoltage, within: thousandth },
  { names: ['battery_voltage', 'voltage', 'Battery_Voltage [V]'], value: ({ reading }) => reading.batteryVoltage, within: thousandth },
  { names: ['packVoltageMilliVolts'], value: ({ reading }) => times(reading.batteryVoltage, 1000), within: milli },
  // Section 9, row 2: what one source calls the balance current is that of the pack.
  { names: ['current', 'battery_current', 'Balance_Current [A]'], value: ({ reading }) => reading.batteryCurrent, within: thousandth },
  // Section 8.3: this source counts discharging as positive.
  { names: ['current [sign reversed by source]'], value: ({ reading }) => times(reading.batteryCurrent, -1), within: thousandth },
  { names: ['packCurrentMilliAmps'], value: ({ reading }) => times(reading.batteryCurrent, 1000), within: milli },
  { names: ['power', 'battery_power', 'Battery_Power [W]'], value: ({ reading }) => reading.batteryPower, within: watts },
  { names: ['charging_power'], value: ({ reading }) => atLeast0(reading.batteryPower), within: watts },
  { names: ['discharging_power'], value: ({ reading }) => atLeast0(times(reading.batteryPower, -1)), within: watts },
  { names: ['temperature_#', 'temperatures_#', 'battery_temperature_#', 'Battery_T# [°C]'], value: ({ reading }, n) => reading.batteryTemperature?.[n - 1], within: tenth },
  { names: ['tempsCelsius[#]'], value: ({ reading }, n) => Math.trunc(reading.batteryTemperature?.[n] ?? NaN) },
  { names: ['mosfet_temperature', 'mos_temperature', 'MOS_Temp [°C]'], value: ({ reading }) => reading.mosfetTemperature, within: tenth },
  { names: ['state_of_charge', 'remain_percent', 'socPercent', 'Percent_Remain [%]'], value: ({ reading }) => reading.remainPercent },
  { names: ['soc [recomputed by source]', 'soc [recomputed by the source]'], value: (decoded) => ((decoded.reading.remainCapacity ?? NaN) / (capacity(decoded) ?? NaN)) * 100, within: 0.005 },
  { names: ['state_of_health'], value: ({ reading }) => reading.stateOfHealth },
  { names: ['capacity_remaining', 'remain_capacity', 'charge', 'Capacity_Remain [Ah]'], value: ({ reading }) => reading.remainCapacity, within: thousandth },
  { names: ['full_charge_capacity', 'nominal_capacity', 'Nominal_Capacity [Ah]'], value: ({ reading }) => reading.nominalCapacity, within: thousandth },
  { names: ['capacity'], value: capacity, within: thousandth },
  { names: ['cycles', 'charging_cycles', 'num_cycles', 'cycle_count', 'Cycle_Count'], value: ({ reading }) => reading.cycleCount },
  { names: ['cycle_capacity', 'total_charge_throughput', 'Cycle_Capacity [Ah]'], value: ({ reading }) => reading.cycleCapacity, within: thousandth },
  { names: ['up_time', 'uptime', 'uptime_s', 'total_runtime', 'Uptime'], value: ({ reading, info }) => reading.upTime ?? info.upTime },
  { names: ['total_runtime_formatted'], value: ({ reading }) => duration(reading.upTime).slice(0, 2).map(({ count, unit }) => `${count}${unit}`).join(' ') },
  { names: ['Time'], value: ({ reading }) => duration(reading.upTime).map(({ count, unit }) => `${count}${unit.toUpperCase()}`).join('') },
  { names: ['switch_charge'], value: ({ reading }) => reading.chargeMosfet },
  { names: ['switch_discharge'], value: ({ reading }) => reading.dischargeMosfet },
  // Of cell data the actual state of the MOSFETs, of settings the user's switches (section 6.2).
  { names: ['charging'], value: ({ reading, settings }) => reading.chargeMosfet ?? flag(settings.chargeSwitch) },
  { names: ['discharging'], value: ({ reading, settings }) => reading.dischargeMosfet ?? flag(settings.dischargeSwitch) },
  { names: ['heating'], value: ({ reading }) => reading.heating },
  { names: ['errors_bitmask_hex'], value: ({ cells }) => `0x${(cells.alarms ?? NaN).toString(16).padStart(8, '0')}` },
  { names: ['errors'], value: ({ reading }) => reading.alarms?.join(';') },
  { names: ['DRY#'], value: ({ cells }, n) => bit(cells.switchStatus, n) },
  { names: ['battery_type_id'], value: ({ cells }) => cells.batteryType },
  { names: ['battery_type'], value: ({ cells }) => batteryTypes[cells.batteryType ?? -1] },
  { names: ['detail_log_entry_count'], value: ({ cells }) => cells.detailLogCount },
  // This source reads across the fields that begin at 188, 190 and 192, and calls what it finds currents.
  { names: ['Current_Charge'], value: ({ frame }) => u16At(frame, 189) / 1000, within: thousandth },
  { names: ['Current_Discharge'], value: ({ frame }) => u16At(frame, 191) / 1000, within: thousandth },

  // Device info. The sources give an absent text as an empty one.
  { names: ['vendor_id', 'device_model', 'Vendor ID'], value: ({ info }) => info.deviceModel },
  { names: ['hardware_version', 'Hardware version'], value: ({ info }) => info.hardwareVersion },
  { names: ['software_version', 'Software version'], value: ({ info }) => info.softwareVersion },
  { names: ['power_on_count', 'poweron_times', 'Power on count'], value: ({ info }) => info.poweronTimes },
  { names: ['device_name', 'Device name'], value: ({ info }) => info.deviceName },
  { names: ['device_passcode', 'Device passcode'], value: ({ info }) => info.devicePasscode },
  { names: ['manufacturing_date', 'Manufacturing date'], value: ({ info }) => info.manufacturingDate },
  { names: ['serial_number', 'Serial number'], value: ({ info }) => info.serialNumber },
  { names: ['passcode', 'Passcode'], value: ({ info }) => textOf(info.passcode) },
  { names: ['user_data', 'userdata', 'User data'], value: ({ info }) => info.userdata },
  { names: ['userdata2'], value: ({ info }) => info.userdata2 },
  { names: ['setup_passcode', 'Setup passcode'], value: ({ info }) => info.setupPasscode },
  { names: ['uart1_protocol', 'UART1 Protocol'], value: ({ device }) => device.uart1Protocol },
  { names: ['uart2_protocol', 'UART2 Protocol'], value: ({ device }) => device.uart2Protocol },
  { names: ['can_protocol', 'CAN Protocol'], value: ({ device }) => device.canProtocol },
  { names: ['rcv_time_h', 'RCV Time'], value: ({ device }) => device.rcvTime, within: tenth },
  { names: ['rfv_time_h', 'RFV Time'], value: ({ device }) => device.rfvTime, within: tenth },

  // Settings
  { names: ['Smart sleep voltage'], value: ({ settings }) => settings.smartSleepVoltage, within: thousandth },
  { names: ['cell_uvp', 'Cell UVP'], value: ({ settings }) => settings.cellUvp, within: thousandth },
  { names: ['Cell UVPR'], value: ({ settings }) => settings.cellUvpRecovery, within: thousandth },
  { names: ['cell_ovp', 'Cell OVP'], value: ({ settings }) => settings.cellOvp, within: thousandth },
  { names: ['Cell OVPR'], value: ({ settings }) => settings.cellOvpRecovery, within: thousandth },
  { names: ['balance_trigger [source text; looks mislabelled]', 'Balance trigger voltage'], value: ({ settings }) => settings.balanceTriggerVoltage, within: thousandth },
  { names: ['SOC 100% voltage'], value: ({ settings }) => settings.soc100Voltage, within: thousandth },
  { names: ['SOC 0% voltage'], value: ({ settings }) => settings.soc0Voltage, within: thousandth },
  { names: ['Voltage cell request charge voltage [RCV]'], value: ({ settings }) => settings.requestChargeVoltage, within: thousandth },
  { names: ['Voltage cell request float voltage [RFV]'], value: ({ settings }) => settings.requestFloatVoltage, within: thousandth },
  { names: ['Power off voltage'], value: ({ settings }) => settings.powerOffVoltage, within: thousandth },
  { names: ['max_charge', 'Max. charge current'], value: ({ settings }) => settings.maxChargeCurrent, within: thousandth },
  { names: ['Charge OCP delay'], value: ({ settings }) => settings.chargeOcpDelay },
  { names: ['Charge OCP recovery time'], value: ({ settings }) => settings.chargeOcpRecoveryTime },
  { names: ['max_discharge', 'Max. discharge current'], value: ({ settings }) => settings.maxDischargeCurrent, within: thousandth },
  { names: ['Discharge OCP delay'], value: ({ settings }) => settings.dischargeOcpDelay },
  { names: ['Discharge OCP recovery time'], value: ({ settings }) => settings.dischargeOcpRecoveryTime },
  { names: ['Short circuit protection recovery time'], value: ({ settings }) => settings.scpRecoveryTime },
  { names: ['Max. balance current'], value: ({ settings }) => settings.maxBalanceCurrent, within: thousandth },
  { names: ['Charge OTP'], value: ({ settings }) => settings.chargeOtp, within: tenth },
  { names: ['Charge OTP recovery'], value: ({ settings }) => settings.chargeOtpRecovery, within: tenth },
  { names: ['Discharge OTP'], value: ({ settings }) => settings.dischargeOtp, within: tenth },
  { names: ['Discharge OTP recovery'], value: ({ settings }) => settings.dischargeOtpRecovery, within: tenth },
  { names: ['charge_utp', 'Charge UTP'], value: ({ settings }) => settings.chargeUtp, within: tenth },
  { names: ['Charge UTP recovery'], value: ({ settings }) => settings.chargeUtpRecovery, within: tenth },
  { names: ['Mosfet OTP'], value: ({ settings }) => settings.mosOtp, within: tenth },
  { names: ['Mosfet OTP recovery'], value: ({ settings }) => settings.mosOtpRecovery, within: tenth },
  { names: ['cells', 'Cell count'], value: ({ settings }) => settings.cellCount },
  { names: ['Charge switch'], value: ({ settings }) => flag(settings.chargeSwitch) },
  { names: ['Discharge switch'], value: ({ settings }) => flag(settings.dischargeSwitch) },
  { names: ['balancer', 'switch_balance', 'Balancer switch'], value: ({ settings }) => flag(settings.balancerSwitch) },
  { names: ['Nominal battery capacity'], value: ({ settings }) => settings.designCapacity, within: thousandth },
  { names: ['Short circuit protection delay'], value: ({ settings }) => settings.scpDelay },
  { names: ['balance_start', 'Start balance voltage'], value: ({ settings }) => settings.startBalanceVoltage, within: thousandth },
  { names: ['Con. wire resistance #'], value: ({ settings }, n) => settings.connectionWireResistances?.[n - 1], within: thousandth },
  { names: ['Device address'], value: ({ settings }) => settings.deviceAddress },
  { names: ['Precharge time'], value: ({ settings }) => settings.dischargePrechargeTime },
  { names: ['Heating switch'], value: ({ settings }) => bit(settings.controls, controls.heating.bit) },
  { names: ['GPS Heartbeat'], value: ({ settings }) => bit(settings.controls, controls.gpsHeartbeat.bit) },
  { names: ['Port switch'], value: ({ settings }) => ['CAN', 'RS485'][Number(bit(settings.controls, controls.portSwitchRs485.bit))] },
  { names: ['Special charger'], value: ({ settings }) => bit(settings.controls, controls.specialCharger.bit) },
  { names: ['heating_start'], value: ({ settings }) => settings.heatingStartTemperature },
  { names: ['heating_stop'], value: ({ settings }) => settings.heatingStopTemperature },
  { names: ['Smart sleep'], value: ({ settings }) => settings.smartSleepTime },
  { names: ['Data field enable control #'], value: ({ settings }, n) => settings.enableFlags?.[n] },

  // Logbook
  { names: ['log_count'], value: ({ logbook }) => logbook.entryCount },
  { names: ['entry#_ts'], value: ({ logbook }, n) => logbook.entries?.[n]?.timestamp },
  { names: ['entry#_code'], value: ({ logbook }, n) => logbook.entries?.[n]?.code },
];

/** A value that a source states of a capture, and that is not the one shown. */
export interface Difference {
  /** Of the capture. */
  readonly id: string;
  readonly name: string;
  readonly reason: string;
}

/** The source has it wrong: the reference says so. */
export interface Excuse extends Difference {
  readonly citation: `section 9, row ${number}`;
}

export const excuses: readonly Excuse[] = [
  {
    id: 'mpp-solar-jk02-cell-16s',
    name: 'Current_Balancer',
    citation: 'section 9, row 2',
    reason: 'the source reads the numbers of the highest and of the lowest cell (62, 63) as a current',
  },
  {
    id: 'b2a25srp-11-55-device-info',
    name: 'Passcode',
    citation: 'section 9, row 14',
    reason: 'the source begins at 97 whatever the length of the serial number, here with its NUL',
  },
  {
    id: 'pb2a16s20p-15-37-device-info',
    name: 'passcode',
    citation: 'section 9, row 14',
    reason: 'the source begins at 97 whatever the length of the serial number, here with its NUL',
  },
];

/** The reference says nothing of it, and nothing in the bytes explains it. */
export const unexplained: readonly Difference[] = [
  {
    id: 'pb2a16s20p-19-27-settings',
    name: 'balance_trigger [source text; looks mislabelled]',
    reason:
      'a comment beside the frame; no field of it holds 3003 mV in any width or order, register 0x06 holds 3 mV and ' +
      'takes 1 V at most (section 7.1)',
  },
];

/** Where the value is that a source calls so; undefined for a name that nobody has thought about. */
export function meaningOf(name: string, source: string): { meaning: Meaning; index: number } | undefined {
  const general = name.replace(/\d+/, '#');
  const found = meanings.filter(({ names }) => names.includes(name) || names.includes(general));
  const meaning =
    found.find((each) => each.source === source) ?? found.find((each) => each.source === undefined);
  return meaning && { meaning, index: Number(/\d+/.exec(name)?.[0]) };
}

/** Whether two values are the same within what rounding allows; sources with single-precision floats add noise. */
export function agrees(actual: unknown, expected: unknown, within = 0): boolean {
  if (typeof actual !== 'number' || typeof expected !== 'number') return actual === expected;
  return Math.abs(actual - expected) <= within + Math.abs(expected) * SINGLE_PRECISION;
}

const SINGLE_PRECISION = 2 ** -23;

/** The design capacity when the settings are known, else what the device has learned: both right (section 9, row 12). */
function capacity({ reading, settings }: Decoded): number | null | undefined {
  return settings.designCapacity ?? reading.nominalCapacity;
}

/** The source of this name adds up the cells of JK04, whose own pack voltage it does not know (section 12). */
function totalVoltage({ reading, cells }: Decoded): number | null | undefined {
  const isJk04 = cells.runtimeSincePowerOn !== undefined;
  return isJk04
    ? reading.cellVoltage?.reduce((sum: number, cell) => sum + (cell ?? 0), 0)
    : reading.batteryVoltage;
}

function u16At({ bytes }: Frame, at: number): number {
  return (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
}

const units = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3600 },
  { unit: 'm', seconds: 60 },
  { unit: 's', seconds: 1 },
];

function duration(seconds: number | null | undefined): { unit: string; count: number }[] {
  let rest = seconds ?? NaN;
  return units.map(({ unit, seconds: each }) => {
    const count = Math.floor(rest / each);
    rest -= count * each;
    return { unit, count };
  });
}

function times(value: number | null | undefined, factor: number): number {
  return (value ?? NaN) * factor;
}

function plus(value: number | null | undefined, term: number): number {
  return (value ?? NaN) + term;
}

function atLeast0(value: number | null | undefined): number {
  return Math.max(0, value ?? NaN);
}

function bit(mask: number | undefined, at: number): boolean | undefined {
  return mask === undefined ? undefined : hasBit(mask, at);
}

function flag(value: number | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== 0;
}

/** Undefined where there was no record to take a text from. */
function textOf(value: string | null | undefined): string | undefined {
  return value === null ? '' : value;
}
