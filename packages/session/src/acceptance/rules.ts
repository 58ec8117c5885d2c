import type { Doubt } from '@ubmsc/protocol';
import { hasCopies, judgeCopies } from './copies.ts';
import { flickers, judgeFlicker } from './flicker.ts';
import type { Case, Observed, Session, Verdict } from './observed.ts';
import { judgePace, losesPace } from './pace.ts';
import { changesConstants, judgeConstants, judgeSlots, shiftsSlots } from './places.ts';

/** One row of the acceptance. */
export interface Rule {
  /** What it protects against. */
  readonly against: string;
  /** Where that was seen. */
  readonly seen: string;
  /** What it costs an undamaged battery. */
  readonly cost: string;
}

/** Rules by which a record is refused at once, however often it comes. */
const refusals = {
  variant: {
    against: 'a record of another layout: it would decode without an error, to other values',
    seen: 'esphome-jk-bms#1061, batmon-ha#170',
    cost: 'a device of a layout that nobody knows is not shown',
  },
  range: {
    against: 'a value that no battery has',
    seen: 'batmon-ha#207, BMS_BLE-HA#172',
    cost: 'nothing: the limits are far beyond what the devices can measure',
  },
  frozen: {
    against:
      'old content that comes again: its clock stands still or goes back, and all else is equal to the last bit',
    seen: 'BMS_BLE-HA#529, for six hours over a perfect link',
    cost: 'one record of a JK04 that measures the same to the last bit; none has been seen to',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** A rule that makes a record wait for the next one, which decides. */
export interface Question extends Rule {
  /** Whether something speaks against a record; `before` is the one accepted last. */
  readonly isDoubtful: (record: Observed, before: Observed | undefined, session: Session) => boolean;
  readonly judge: (given: Case, session: Session) => Verdict;
}

/** Rules that make a record wait for the next one. One that is neither confirmed nor refuted is accepted with its doubt. */
export const questions = {
  pace: {
    against:
      'the head of one record with the tail of another, and shifted content: clock, time and counter disagree',
    seen: 'esphome-jk-bms#852, batmon-ha#377; notifications lost from one record to the same place in the next',
    cost: 'a record waits after a restart, when the device was busy for a period, and when the radio paused within it',
    isDoubtful: losesPace,
    judge: judgePace,
  },
  copy: {
    against: 'a notification that was lost while its neighbour was delivered twice: two neighbours are equal',
    seen: 'bleak#584, BMS_BLE-HA#768',
    cost: 'one record in a hundred of a resting JK04 waits, because its cells are equal',
    isDoubtful: hasCopies,
    judge: judgeCopies,
  },
  slots: {
    against: 'content that was shifted: slots that were empty are filled, or the other way round',
    seen: 'bleak#584',
    cost: 'a record may wait when a cell is taken out of the settings, or when the balancer stops',
    isDoubtful: shiftsSlots,
    judge: judgeSlots,
  },
  constants: {
    against: 'content of another place: cells, maps or calibration are not those of the session',
    seen: 'batmon-ha#391',
    cost: 'a record waits when the number of cells is changed',
    isDoubtful: changesConstants,
    judge: judgeConstants,
  },
  flicker: {
    against: 'a value that goes to 0, or to the most that its field holds, for one record',
    seen: 'batmon-ha#207, BMS_BLE-HA#172',
    cost: 'a record may wait when something is switched off; what is 0 for one record only is refused, but not a current of which the power tells',
    isDoubtful: flickers,
    judge: judgeFlicker,
  },
} as const satisfies Readonly<Record<Doubt, Question>>;

/** Why records are refused, or accepted with a doubt. A closed set: it is a label of metrics. */
export const rules = { ...refusals, ...questions } as const satisfies Readonly<Record<string, Rule>>;
