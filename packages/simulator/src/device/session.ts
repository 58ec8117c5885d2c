import { acknowledge, commands, decodeRequest, heartbeat, type Frame, type Variant } from '@ubmsc/protocol';
import { asError } from '@ubmsc/base';
import { through, type FaultyLink, type LinkFault } from '../faults/fault.ts';
import type { SerialSession } from './serial-device.ts';
import type { ActiveFaults } from '../faults/active-faults.ts';
import type { Activity } from './activity.ts';
import type { FirmwareTraits } from './firmware.ts';
import { Uart, type Central } from './uart.ts';

/** Times in ms from a request to its answers (reference, sections 3.3 and 3.5). */
const timing = {
  deviceInfo: { record: 90, acknowledge: 260 },
  settings: { record: 50, deviceInfo: 190, acknowledge: 280, acknowledgeAfterDeviceInfo: 380 },
  logbook: { record: 90, acknowledge: 260 },
  register: { acknowledge: 100 },
};

/** How often a heartbeat sticks to the front of a record, and as often to its end. */
const GLUED_HEARTBEATS = 1 / 16;

/** What a session needs of its device. */
interface SessionDevice {
  readonly variant: Variant;
  readonly traits: FirmwareTraits;
  readonly faults: ActiveFaults;
  readonly activity: Activity;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Whether the device has a command of the host. */
  supports(command: number): boolean;
  /** Whether the device has the register, and took the value. */
  writeRegister(register: number, value: Uint8Array): boolean;
  cellData(): Frame;
  settings(): Frame;
  logbook(): Frame;
  /** `answers` is the request that it follows. */
  deviceInfo(answers: 'device-info' | 'settings'): Frame;
}

/** What the firmware does during one connection. */
export class Session implements SerialSession {
  readonly #device: SessionDevice;
  readonly #central: Central;
  readonly #closed: () => void;
  readonly #uart: Uart;
  readonly #answers = new Set<NodeJS.Timeout>();
  readonly #faultTimers = new Set<NodeJS.Timeout>();
  readonly #observing: Disposable;
  #faults: readonly LinkFault[] = [];
  #stream: NodeJS.Timeout | undefined;
  #deviceInfoSeen = false;
  #open = true;

  constructor(device: SessionDevice, central: Central, closed: () => void) {
    this.#device = device;
    this.#central = central;
    this.#closed = closed;
    this.#uart = new Uart(this.#faulty(central), () => device.traits.heartbeats);
    try {
      this.#takeFaults();
    } catch (error) {
      this.#uart.close();
      throw error;
    }
    this.#observing = device.faults.observe(() => this.#changeFaults());
  }

  /**
   * The one place where bytes enter the device: takes what one write brought. What is not a request, or asks for
   * something that the device does not support, is ignored without an answer.
   */
  receive(bytes: Uint8Array): void {
    if (!this.#open) return;
    this.#device.activity.written(bytes);
    const stages = this.#faults.flatMap(({ request }) => request ?? []);
    for (const each of through(stages, bytes)) this.#answer(each);
  }

  #answer(bytes: Uint8Array): void {
    const request = decodeRequest(bytes);
    if (request === undefined) return;
    switch (request.command) {
      case commands.readDeviceInfo:
        return this.#answerDeviceInfo();
      case commands.readSettings:
        return this.#answerSettings();
      case commands.readLogbook:
        return this.#answerLogbook();
      default:
        if (this.#device.writeRegister(request.command, request.value)) {
          this.#after(timing.register.acknowledge, () => this.#acknowledge());
        }
    }
  }

  /** The central has left: the stream ends, and the device is free for the next one. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#observing[Symbol.dispose]();
    for (const timer of [...this.#answers, ...this.#faultTimers]) clearTimeout(timer);
    clearTimeout(this.#stream);
    this.#uart.close();
    this.#closed();
  }

  /** The device ends the link. */
  end(reason: Error): void {
    if (!this.#open) return;
    this.close();
    this.#central.lost(reason);
  }

  #answerDeviceInfo(): void {
    this.#deviceInfoSeen = true;
    this.#after(timing.deviceInfo.record, () => this.#answerWith(this.#device.deviceInfo('device-info')));
    this.#after(timing.deviceInfo.acknowledge, () => this.#acknowledgeRecord());
  }

  #answerSettings(): void {
    const { deviceInfoAfterSettings, streamNeedsDeviceInfo, streamStart } = this.#device.traits;
    const { record, deviceInfo, acknowledge: alone, acknowledgeAfterDeviceInfo } = timing.settings;
    const acknowledged = deviceInfoAfterSettings ? acknowledgeAfterDeviceInfo : alone;
    clearTimeout(this.#stream);
    this.#after(record, () => this.#answerWith(this.#device.settings()));
    if (deviceInfoAfterSettings) {
      this.#after(deviceInfo, () => this.#send(this.#device.deviceInfo('settings')));
    }
    this.#after(acknowledged, () => this.#acknowledgeRecord());
    if (this.#deviceInfoSeen || !streamNeedsDeviceInfo) {
      this.#after(acknowledged + streamStart, () => this.#startStream());
    }
  }

  #answerLogbook(): void {
    if (!this.#device.supports(commands.readLogbook)) return;
    this.#after(timing.logbook.record, () => this.#send(this.#device.logbook()));
    this.#after(timing.logbook.acknowledge, () => this.#acknowledge());
  }

  #startStream(): void {
    clearTimeout(this.#stream);
    this.#stream = setTimeout(() => this.#startStream(), this.#device.traits.period);
    this.#send(this.#device.cellData());
  }

  /** The record that was asked for, with the acknowledge where that comes in its last burst. */
  #answerWith(frame: Frame): void {
    this.#send(frame, this.#device.traits.acknowledgeSticks ? acknowledge : undefined);
  }

  #acknowledgeRecord(): void {
    if (!this.#device.traits.acknowledgeSticks) this.#acknowledge();
  }

  #send({ bytes, record }: Frame, end?: Uint8Array): void {
    const stages = this.#faults.flatMap(({ record: stage }) => stage ?? []);
    for (const each of through(stages, bytes, record)) {
      this.#device.activity.sent(record);
      this.#sendRecord(each, end);
    }
  }

  /** The central behind the faults of its link. */
  #faulty(central: Central): Central {
    return {
      get notificationSize() {
        return central.notificationSize;
      },
      notify: (bytes) => {
        const stages = this.#faults.flatMap(({ notification }) => notification ?? []);
        for (const each of through(stages, bytes)) if (this.#open) central.notify(each);
      },
      unsubscribe: () => central.unsubscribe?.(),
      lost: (reason) => central.lost(reason),
    };
  }

  /** Other faults, on a link that is there. One that would have refused the link ends it. */
  #changeFaults(): void {
    for (const timer of this.#faultTimers) clearTimeout(timer);
    this.#faultTimers.clear();
    try {
      this.#takeFaults();
    } catch (error) {
      this.end(asError(error));
    }
  }

  #takeFaults(): void {
    const device = this.#device;
    const link: Omit<FaultyLink, 'random'> = {
      variant: device.variant,
      send: (bytes) => this.#uart.send(bytes),
      notify: (bytes) => this.#central.notify(bytes),
      cellData: () => device.cellData().bytes,
      unsubscribe: () => this.#central.unsubscribe?.(),
      after: (milliseconds, run) => this.#later(this.#faultTimers, milliseconds, run),
    };
    this.#faults = device.faults.all.flatMap(
      (fault) => fault.link?.({ ...link, random: device.faults.random }) ?? [],
    );
  }

  /** In the bursts of the firmware, the last one with all that is left. Now and then a heartbeat sticks to an end. */
  #sendRecord(bytes: Uint8Array, end?: Uint8Array): void {
    const { bursts, heartbeats } = this.#device.traits;
    const chance = heartbeats ? this.#device.random() : 0.5;
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const length of bursts.slice(0, -1)) parts.push(bytes.subarray(at, (at += length)));
    const last = [bytes.subarray(at), ...(end ? [end] : [])];
    if (chance >= 1 - GLUED_HEARTBEATS) last.push(heartbeat);
    parts.push(Buffer.concat(last));
    if (chance < GLUED_HEARTBEATS) parts[0] = Buffer.concat([heartbeat, ...parts.slice(0, 1)]);
    this.#uart.send(...parts);
  }

  #acknowledge(): void {
    this.#uart.send(this.#device.traits.heartbeats ? Buffer.concat([acknowledge, heartbeat]) : acknowledge);
  }

  /** Runs after this time in ms, as the firmware takes it. */
  #after(milliseconds: number, run: () => void): void {
    this.#later(this.#answers, milliseconds * this.#device.traits.answerTime, run);
  }

  #later(timers: Set<NodeJS.Timeout>, milliseconds: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, milliseconds);
    timers.add(timer);
  }
}
