import type { Variant } from '@ubmsc/protocol';

/** What a generation of firmware does (reference, sections 2.2, 3.2 to 3.4, 5.1 and 5.8). */
export interface FirmwareTraits {
  /** Sends `AT\r\n` while idle. */
  readonly heartbeats: boolean;
  /** Answers 0x96 with a device info record after the settings. */
  readonly deviceInfoAfterSettings: boolean;
  /** 0x96 starts the stream only when 0x97 came before on the same link. */
  readonly streamNeedsDeviceInfo: boolean;
  /** Sends 0 for probes 4 and 5 that it does not know, where later firmware says that they are absent. */
  readonly zeroForUnknownProbes: boolean;
  /** Learns the capacity of the battery; otherwise it is that of the settings (reference, section 8.9). */
  readonly learnsCapacity: boolean;
  /** Lengths of the bursts in which the battery's processor sends a record; their sum is 300. */
  readonly bursts: readonly number[];
  /** The acknowledge comes in the last burst of settings and device info, not after it. */
  readonly acknowledgeSticks: boolean;
  /**
   * Time from the acknowledge of 0x96 to the first cell data, in ms: 505 to 511 in captures of 3.3.0, 359 to 400 in those of
   * 7.1 to 14.20 (reference, section 3.5). Of JK04 from 8 on there is no capture: something between.
   */
  readonly streamStart: number;
  /** Time from one cell data record to the next, in ms. */
  readonly period: number;
  /** Factor of the times from a request to its answers. */
  readonly answerTime: number;
}

const oldest: FirmwareTraits = {
  heartbeats: false,
  deviceInfoAfterSettings: false,
  streamNeedsDeviceInfo: false,
  zeroForUnknownProbes: true,
  learnsCapacity: false,
  bursts: [300],
  acknowledgeSticks: false,
  streamStart: 510,
  period: 510,
  answerTime: 1,
};

/** Each row adds to what its variant's rows above say, from that major version on. */
const generations: readonly {
  readonly variant: Variant;
  readonly from: number;
  readonly traits: Partial<FirmwareTraits>;
}[] = [
  { variant: 'jk04', from: 0, traits: {} },
  { variant: 'jk04', from: 8, traits: { bursts: [80, 60, 20, 70, 5, 65], streamStart: 450 } },
  { variant: 'jk02-24s', from: 0, traits: { acknowledgeSticks: true, streamStart: 360, period: 430 } },
  {
    variant: 'jk02-24s',
    from: 10,
    traits: { bursts: [150, 150], acknowledgeSticks: false, period: 530 },
  },
  {
    variant: 'jk02-32s',
    from: 0,
    traits: { learnsCapacity: true, bursts: [150, 150], streamStart: 390, period: 540 },
  },
  {
    variant: 'jk02-32s',
    from: 14,
    traits: {
      heartbeats: true,
      deviceInfoAfterSettings: true,
      zeroForUnknownProbes: false,
      streamStart: 360,
    },
  },
  { variant: 'jk02-32s', from: 15, traits: { streamNeedsDeviceInfo: true } },
];

/** What firmware of this version does. */
export function firmwareTraits(softwareVersion: string, variant: Variant = 'jk02-32s'): FirmwareTraits {
  const major = Number.parseInt(softwareVersion, 10);
  return generations
    .filter((row) => row.variant === variant && row.from <= major)
    .reduce<FirmwareTraits>((traits, row) => ({ ...traits, ...row.traits }), oldest);
}
