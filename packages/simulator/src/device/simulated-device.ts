import {
  cellDataJk02_32s,
  decode,
  decodeReading,
  deviceInfoJk02_32s,
  encode,
  hasFlag,
  layouts,
  logbookJk02_32s,
  type Frame,
  type Reading,
  type Variant,
  type VariantLayouts,
} from '@ubmsc/protocol';
import { LinkError } from '@ubmsc/session';
import { ActiveFaults } from '../faults/active-faults.ts';
import { Activity, type DeviceReport } from './activity.ts';
import { BatteryModel, type BatteryModelOptions } from '../model/battery-model.ts';
import { loadOf, type Load, type LoadName } from '../model/loads.ts';
import type { BatteryState } from '../model/battery-state.ts';
import { DeviceLog } from './device-log.ts';
import { cellDataFrame, cellDataRecord, type CellDataRecord, type LoadedCells } from './cell-data-record.ts';
import { deviceInfoFrame, deviceInfoRecord, type DeviceInfoRecord } from './device-info-record.ts';
import { deviceProfiles, type DeviceProfile } from './device-profiles.ts';
import type { FaultSet } from '../faults/faults.ts';
import { firmwareTraits, type FirmwareTraits } from './firmware.ts';
import { gattLayouts, type GattLayout, type GattLayoutName } from './gatt-layouts.ts';
import { randomSequence } from './random.ts';
import { hasRegister, writeControl, writeRegister } from './registers.ts';
import type { SerialDevice } from './serial-device.ts';
import { Session } from './session.ts';
import { defaultSettings, settingsFrame, type Settings } from './settings.ts';
import type { Central } from './uart.ts';

/** Which device is simulated, with which battery and which faults. */
export interface SimulatedDeviceOptions {
  /** Model and firmware; a JK_BD4A8S4P when left out. Spread a row of `deviceProfiles` to change a part of it. */
  readonly profile?: DeviceProfile;
  /** Its Bluetooth module (reference, section 1.3); that of the profile when left out. */
  readonly gatt?: GattLayoutName;
  /** The battery at the start. */
  readonly battery?: Omit<BatteryModelOptions, 'settings' | 'cells' | 'chemistry' | 'seed' | 'onProtection'>;
  /** What happens to it; that of `battery.load`, or a day, when left out. */
  readonly load?: LoadName;
  /** Settings that differ from the defaults of the profile and its chemistry. */
  readonly settings?: Partial<Settings>;
  /** Device info that differs from that of a new device, such as the passcodes. */
  readonly info?: Partial<DeviceInfoRecord>;
  /** How much faster than real time the battery lives; 1 when left out. The timing of the radio stays real. */
  readonly speed?: number;
  /** The same seed gives the same battery; 1 when left out. */
  readonly seed?: number;
  /** What the device computes of what it measures lags by one record, as on real ones (reference, sections 8.1 and 8.2). */
  readonly laggingStatistics?: boolean;
  /** The clock that it lives by, in milliseconds; the monotonic one of this process when left out. */
  readonly now?: () => number;
  /** What goes wrong from the start; nothing when left out. */
  readonly faults?: FaultSet;
}

/** Days from 2020-01-01 to the day on which simulated devices begin to live. */
const FIRST_DAY = 2000;

/** Time in s that simulated devices have run before. */
const EARLIER_RUNTIME = 4_000_000;

/** Steps in s in which the device stores its running time (reference, section 8.10). */
const STORED_RUNTIME_STEP = 300;

/**
 * A JK battery management system with its battery, up to the bytes of its serial stream. A carrier connects a
 * central to it, one at a time.
 */
export class SimulatedDevice implements SerialDevice {
  readonly profile: DeviceProfile;
  readonly model: BatteryModel;
  readonly gatt: GattLayout;
  /** Numbers from 0 to 1 for what the firmware leaves to chance. */
  readonly random: () => number;
  /** What goes wrong with it. Their random numbers are their own: with or without faults, the battery is the same. */
  readonly faults: ActiveFaults;
  /** What happens to it. */
  readonly activity = new Activity();
  readonly #speed: number;
  readonly #now: () => number;
  readonly #laggingStatistics: boolean;
  readonly #log: DeviceLog;
  readonly #load: Load | undefined;
  #info: DeviceInfoRecord;
  /** Seconds from the model's time to the clock of the device. */
  #clockOffset = FIRST_DAY * 24 * 3600;
  /** When the model was last brought up to date, in ms. */
  #updated: number;
  #lastState: BatteryState;
  #counter = 0;
  /** Cell data since the faults were set. */
  #measured = 0;
  #session: Session | undefined;
  /** Reads the latest cell data. */
  #latest: (() => Reading) | undefined;

  constructor(options: SimulatedDeviceOptions = {}) {
    const { profile = deviceProfiles.JK_BD4A8S4P, speed = 1, seed = 1 } = options;
    const { cells, chemistry } = profile;
    const settings = { ...defaultSettings(profile), ...options.settings };
    this.profile = profile;
    this.gatt = gattOf(profile, options.gatt ?? profile.gatt);
    this.faults = new ActiveFaults(randomSequence(~seed));
    this.#log = new DeviceLog(EARLIER_RUNTIME, chemistry);
    const onProtection: BatteryModelOptions['onProtection'] = (alarm, active, elapsed) =>
      this.#log.protection(EARLIER_RUNTIME + elapsed, alarm, active);
    const health = this.traits.learnsCapacity ? {} : { stateOfHealth: 100 };
    this.#load =
      options.load &&
      loadOf(options.load, {
        capacity: settings.designCapacity,
        cellVoltageLimit: settings.requestChargeVoltage,
        seed,
      });
    this.model = new BatteryModel({
      ...health,
      ...this.#load?.battery,
      ...(this.#load && { load: this.#load.demand }),
      ...options.battery,
      settings,
      cells,
      chemistry,
      seed,
      onProtection,
    });
    this.random = randomSequence(seed);
    this.#speed = speed;
    this.#now = options.now ?? (() => performance.now());
    this.#updated = this.#now();
    this.#laggingStatistics = options.laggingStatistics ?? false;
    this.#lastState = this.model.state;
    this.setFaults(options.faults ?? []);
    this.#info = decode(
      deviceInfoJk02_32s,
      encode(deviceInfoJk02_32s, deviceInfoRecord(profile, options.info ?? {})),
    );
  }

  /** Name that the device advertises. */
  get name(): string {
    return this.#info.deviceName;
  }

  /** How its records are laid out. */
  get variant(): Variant {
    return this.faults.all.findLast((fault) => fault.variant)?.variant ?? this.profile.variant;
  }

  /** The habits of its firmware. */
  get traits(): FirmwareTraits {
    const { softwareVersion, variant } = this.profile;
    return this.faults.all.reduce<FirmwareTraits>(
      (traits, fault) => ({ ...traits, ...fault.traits }),
      firmwareTraits(softwareVersion, variant),
    );
  }

  /** What has become of it so far. */
  get report(): DeviceReport {
    return {
      name: this.name,
      connected: this.connected,
      ...this.activity.counts,
      ...(this.#latest && { latest: this.#latest() }),
    };
  }

  /** Ends what goes wrong, and begins with these faults: in the middle of a link, too. */
  setFaults(faults: FaultSet): void {
    this.#measured = 0;
    this.faults.set(faults.map(({ make }) => make));
  }

  /** Whether a central is connected: then the device does not advertise. */
  get connected(): boolean {
    return this.#session !== undefined;
  }

  /**
   * Connects a central. Heartbeats go to it at once, the stream when it asks for it. Close the session to let the
   * next one in.
   * @throws {LinkError} another central is connected.
   */
  connect(central: Central): Session {
    if (this.#session) {
      throw new LinkError(`${this.name} is connected to another central`, 'close the other connection first');
    }
    const session = new Session(this, central, () => {
      this.#session = undefined;
    });
    this.#session = session;
    this.activity.connected();
    return session;
  }

  /** Ends the link from the side of the device, if there is one: its central is told the reason. */
  disconnect(reason: Error): void {
    this.#session?.end(reason);
  }

  /** The next 0x02 record. */
  cellData(): Frame {
    this.#update();
    const { state } = this.model;
    const { profile, traits, model } = this;
    const values = cellDataRecord({
      frameCounter: this.#counter,
      profile,
      traits,
      chemistry: model.chemistry,
      settings: model.settings,
      info: this.#info,
      state,
      statistics: this.#laggingStatistics ? this.#lastState : state,
      times: {
        total: this.#runtime,
        boot: model.elapsed,
        clock: model.time + this.#clockOffset,
      },
    });
    this.#lastState = state;
    this.#counter = (this.#counter + 1) & 0xff;
    const { variant } = this;
    const frame = cellDataFrame(variant, this.#withFaults(this.#loaded(values)));
    const time = Date.now();
    this.#latest = () => decodeReading(frame, variant, time);
    return frame;
  }

  /** The 0x01 record. Its counter is that of the next 0x02 record (reference, section 2.1). */
  settings(): Frame {
    return settingsFrame(this.variant, { ...this.model.settings, frameCounter: this.#counter });
  }

  /**
   * The 0x03 record: in answer to 0x97 with the stored running time and the counter of the next 0x02 record, after
   * the settings with the present one and a counter of its own (reference, sections 2.1 and 8.10).
   */
  deviceInfo(answers: 'device-info' | 'settings'): Frame {
    this.#update();
    const runtime = Math.floor(this.#runtime);
    return deviceInfoFrame(this.variant, {
      ...this.faults.all.reduce((info, fault) => ({ ...info, ...fault.info }), this.#info),
      ...(answers === 'device-info'
        ? { frameCounter: this.#counter, totalRuntime: runtime - (runtime % STORED_RUNTIME_STEP) }
        : { frameCounter: 0xa5, totalRuntime: runtime }),
    });
  }

  /** The 0x05 record. */
  logbook(): Frame {
    this.#update();
    return encode(logbookJk02_32s, { ...this.#log.record, frameCounter: this.#counter });
  }

  /** Whether the device knows a command or register: it has a map of them, or knows its registers. */
  supports(command: number): boolean {
    const { settings, deviceInfo } = layouts[this.variant];
    if ('commandSupport' in deviceInfo.fields) return hasFlag(this.#info.commandSupport, command);
    return hasRegister(settings, command) || hasRegister(deviceInfo, command);
  }

  /** Stores the value of a register. Returns false, and does nothing, when the device does not support it. */
  writeRegister(register: number, value: Uint8Array): boolean {
    if (!this.supports(register)) return false;
    this.#update();
    const { settings: layout, deviceInfo }: VariantLayouts = layouts[this.variant];
    if (register === layout.writeOnly?.['setRtc']?.register) {
      const seconds = value.reduceRight((number, byte) => number * 256 + byte, 0);
      this.#clockOffset = seconds - this.model.time;
      this.#log.clockSet(this.#runtime);
      return true;
    }
    const { settings } = this.model;
    this.model.settings =
      writeRegister(layout, settings, register, value) ?? writeControl(settings, register, value) ?? settings;
    this.#log.switches(this.#runtime, settings, this.model.settings);
    this.#info = writeRegister(deviceInfo, this.#info, register, value) ?? this.#info;
    return true;
  }

  /** Time in s that the device has run over all power cycles. */
  get #runtime(): number {
    return EARLIER_RUNTIME + this.model.elapsed;
  }

  /** What is measured under the load. */
  #loaded(values: Partial<CellDataRecord> & LoadedCells): Partial<CellDataRecord> {
    // All is in the resolution of the record but this.
    const sysRunTicks = Math.round(values.sysRunTicks * 10) / 10;
    const measured = this.#load?.measured?.({ ...values, sysRunTicks }, this.model.elapsed);
    return measured ? { ...values, ...measured } : values;
  }

  /** What is measured, as the faults would have it. */
  #withFaults(values: Partial<CellDataRecord>): Partial<CellDataRecord> {
    const index = this.#measured++;
    return this.faults.all.reduce((all, fault) => {
      return fault.cellData ? { ...all, ...fault.cellData(complete(all), index, this.variant) } : all;
    }, values);
  }

  /** Lets the model live through the time that has passed since the last call. */
  #update(): void {
    const now = this.#now();
    this.model.advance(((now - this.#updated) / 1000) * this.#speed);
    this.#updated = now;
  }
}

/** A module, with the largest ATT_MTU that a model agrees to. */
function gattOf({ maxMtu }: DeviceProfile, name: GattLayoutName): GattLayout {
  const layout: GattLayout = gattLayouts[name];
  return maxMtu === undefined ? layout : { ...layout, maxMtu: Math.min(maxMtu, layout.maxMtu) };
}

/** All fields of a 0x02 record, of which some are known. */
function complete(values: Partial<CellDataRecord>): CellDataRecord {
  return decode(cellDataJk02_32s, encode(cellDataJk02_32s, values));
}
