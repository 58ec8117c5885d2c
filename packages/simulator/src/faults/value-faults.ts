import { alarms, FRAME_HEADER, layouts, type AlarmName } from '@ubmsc/protocol';
import type { CellDataRecord } from '../device/cell-data-record.ts';
import type { Fault } from './fault.ts';

/*
 * Faults of what the battery measures and says: the bytes are sound, and mean what they say.
 */

/** Values after the first `sound` 0x02 records; `index` counts from there. */
function behind(
  sound: number,
  change: (values: CellDataRecord, index: number) => Partial<CellDataRecord>,
): Fault {
  return { cellData: (values, index) => (index < sound ? {} : change(values, index - sound)) };
}

/** No cell is connected. */
export function noCells(): Fault {
  return behind(0, (values) => firstCells(values, 0));
}

/** The cell with this number, from 1, reads 0 V. */
export function zeroCell(cell: number): Fault {
  return behind(0, (values) => ({
    cellVoltages: values.cellVoltages.map((voltage, index) => (index === cell - 1 ? 0 : voltage)),
  }));
}

/** After five records only the first `cells` are enabled. */
export function fewerCells(cells: number): Fault {
  return behind(5, (values) => firstCells(values, cells));
}

/** What a device says that has only the first `most` of its cells, though its settings count all: other slots are empty. */
function firstCells(values: CellDataRecord, most: number): Partial<CellDataRecord> {
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
    packPower: Math.abs(packVoltage * values.packCurrent),
    alarms: withAlarm(values, 'cellCountMismatch'),
  };
}

/** Every probe is absent, −200.0 °C on the wire. */
export function sentinels(): Fault {
  return behind(0, () => ({
    mosTemperature: null,
    temperature1: null,
    temperature2: null,
    temperature3: null,
    temperature4: null,
    temperature5: null,
  }));
}

/** An alarm is active. */
export function alarm(name: AlarmName): Fault {
  return behind(0, (values) => ({ alarms: withAlarm(values, name) }));
}

function withAlarm(values: CellDataRecord, name: AlarmName): number {
  return (values.alarms | (2 ** alarms[name].bit)) >>> 0;
}

/** After `sound` records the device has restarted: its counters begin at 0. */
export function restart(sound: number): Fault {
  let boot: number | undefined;
  return behind(sound, (values, index) => {
    boot ??= values.sysRunTicks;
    return {
      frameCounter: index % 256,
      sysRunTicks: values.sysRunTicks - boot,
      cycleCount: 0,
      cycleCapacity: 0,
    };
  });
}

/** After `sound` records the device takes the battery for full, as at over-voltage protection. */
export function socJump(sound: number): Fault {
  return behind(sound, ({ fullChargeCapacity }) => ({
    stateOfCharge: 100,
    remainingCapacity: fullChargeCapacity,
  }));
}

/** A float is not a number: the statistics of the cells of JK04, the calibration of the others. */
export function notANumber(): Fault {
  return {
    cellData: (_values, _index, variant) =>
      layouts[variant].cellData.fields.averageCellVoltage.type === 'f32'
        ? { averageCellVoltage: Number.NaN, deltaCellVoltage: Number.NaN }
        : { batteryVoltageCorrection: Number.NaN },
  };
}

/** A text of the device info holds the header of a record. */
export function headerInPayload(): Fault {
  return { info: { userData: String.fromCharCode(...FRAME_HEADER) } };
}

/** What the device calls itself is an escape sequence of terminals, or bytes that no UTF-8 has. */
export function badString(kind: 'ansi' | 'ff'): Fault {
  const deviceName = kind === 'ff' ? '\u{ff}'.repeat(16) : '\u{1b}[2J\u{1b}[31mJK\u{7}';
  return { info: { deviceName } };
}
