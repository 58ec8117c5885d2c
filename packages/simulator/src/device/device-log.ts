import { logbookJk02_32s, type AlarmName, type Values } from '@ubmsc/protocol';
import type { ChemistryName } from '../model/chemistry.ts';

type LogbookRecord = Values<typeof logbookJk02_32s>;

/** Codes of the logbook for what a simulated device does itself (reference, section 5.9). */
const codes = {
  boot: 0x01,
  powerOffByButton: 0x2d,
  clockSet: 0x3b,
  preset: { 'Li-ion': 0x43, LFP: 0x44, LTO: 0x45 },
} as const;

/** Codes for a protection that begins; the next code says that the protection is over. */
const protectionCodes: Readonly<Partial<Record<AlarmName, number>>> = {
  mosOverTemperature: 0x0b,
  cellOverVoltage: 0x11,
  chargeOverTemperature: 0x19,
  chargeUnderTemperature: 0x1b,
  cellUnderVoltage: 0x1d,
  dischargeOverTemperature: 0x25,
};

/** Codes for a switch of the settings that an app turns off; the next code says that it was turned on. */
const switchCodes = { chargeSwitch: 0x03, dischargeSwitch: 0x05 } as const;

type Switches = Readonly<Record<keyof typeof switchCodes, number>>;

/** The record has room for no more; the oldest give way (reference, section 5.9). */
const MOST_ENTRIES = logbookJk02_32s.fields.entries.count;

/** What a device writes down of its life; times are its run time in s. */
export class DeviceLog {
  #entries: LogbookRecord['entries'] = [];

  /** A device whose power was switched on at `runtime`, after a life in which something has happened. */
  constructor(runtime: number, chemistry: ChemistryName) {
    this.#add(0, codes.boot);
    this.#add(312, codes.preset[chemistry]);
    this.#add(0.38 * runtime, protectionCodes.cellOverVoltage);
    this.#add(0.38 * runtime + 5400, protectionCodes.cellOverVoltage, 1);
    this.#add(0.71 * runtime, protectionCodes.chargeUnderTemperature);
    this.#add(0.71 * runtime + 12_600, protectionCodes.chargeUnderTemperature, 1);
    this.#add(runtime, codes.powerOffByButton);
    this.#add(runtime, codes.boot);
  }

  /** The values of the record, but for its counter. */
  get record(): Pick<LogbookRecord, 'entryCount' | 'check' | 'entries'> {
    const entryCount = this.#entries.length;
    return { entryCount, check: entryCount - 1, entries: this.#entries };
  }

  /** Notes that a protection begins or ends. */
  protection(runtime: number, alarm: AlarmName, active: boolean): void {
    this.#add(runtime, protectionCodes[alarm], Number(!active));
  }

  /** Notes which switches differ. */
  switches(runtime: number, before: Switches, after: Switches): void {
    for (const name of ['chargeSwitch', 'dischargeSwitch'] as const) {
      if (before[name] !== after[name]) this.#add(runtime, switchCodes[name], Number(after[name] !== 0));
    }
  }

  /** Notes that the clock was set. */
  clockSet(runtime: number): void {
    this.#add(runtime, codes.clockSet);
  }

  /** What has no code is not noted. */
  #add(runtime: number, code: number | undefined, step = 0): void {
    if (code === undefined) return;
    const entry = { timestamp: Math.floor(runtime), code: code + step };
    this.#entries = [...this.#entries, entry].slice(-MOST_ENTRIES);
  }
}
