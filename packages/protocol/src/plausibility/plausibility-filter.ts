import { cellFields } from '../cell-fields.ts';
import type { Frame } from '../frame.ts';
import type { Variant } from '../layout.ts';
import { objectionBetween } from './between-records.ts';
import type { Arrival, Doubt, Objection, Observed } from './observed.ts';
import { objectionToCopies } from './copies.ts';
import { objectionToOrder } from './order.ts';
import { objectionToPauses } from './pauses.ts';
import { objectionWithin } from './within-record.ts';

/** A cell data record whose variant is known. */
export interface CellDataRecord {
  readonly frame: Frame;
  readonly variant: Variant;
}

/** What is decided when a record has come. */
export interface Judgement<R> {
  /** Records that are believed now, in order: the one that has come, the one that was held back, both, or none. */
  readonly believed: readonly R[];
  /** Why the record that has come is held back until the next one; undefined when it is believed. */
  readonly held: Doubt | undefined;
  /** Why the record that was held back until now is not believed; undefined when none is refused. */
  readonly refused: Doubt | undefined;
}

/** A rule to which so many records in a row do not keep is none for this device. */
const EXCEPTIONS_IN_A_ROW = 5;

/** So many records are remembered. */
const HISTORY = 8;

const FIRST: Objection = { doubt: 'first', name: 'first', isBorneOut: () => true };

interface Held<R> {
  readonly record: R;
  readonly observed: Observed;
  readonly objection: Objection;
}

/**
 * Decides which cell data records of one link are believed. A record against which something speaks is held back
 * until the next one: when that one follows from it, the battery has really changed, and both are believed.
 */
export class PlausibilityFilter<R extends CellDataRecord> {
  /** The latest that were believed, the newest last. */
  #believed: readonly Observed[] = [];
  #held: Held<R> | undefined;
  /** How many records in a row did not keep to a rule. */
  readonly #exceptions = new Map<string, number>();
  /** Rules that are none for this device. */
  readonly #ignored = new Set<string>();

  /** Takes the next record. */
  observe(record: R, arrival: Arrival): Judgement<R> {
    const { frame, variant } = record;
    const observed = { bytes: frame.bytes, fields: cellFields(frame, variant), variant, arrival };
    const released = this.#release(observed);
    const refused = released ? undefined : this.#held?.objection.doubt;
    this.#held = undefined;
    const objection =
      this.#learn(observed) ??
      objectionToPauses(observed) ??
      objectionToCopies(this.#believed.at(-1), observed) ??
      this.#objectionToFirst();
    if (objection) this.#held = { record, observed, objection };
    else this.#believe(observed);
    return {
      believed: [...(released ? [released] : []), ...(objection ? [] : [record])],
      held: objection?.doubt,
      refused,
    };
  }

  /** The record that was held back, when the next one bears it out. */
  #release(next: Observed): R | undefined {
    if (!this.#held) return undefined;
    const { record, observed, objection } = this.#held;
    const copies = objectionToCopies(this.#believed.at(-1), observed);
    const objections = [objection, objectionToPauses(observed), copies];
    if (objections.some((each) => each && !each.isBorneOut(next))) return undefined;
    const settled = objection.mayGoOn ? new Set([...this.#ignored, objection.name]) : this.#ignored;
    const contradiction =
      objectionWithin(next, this.#ignored) ??
      objectionBetween(observed, next, settled) ??
      objectionToOrder([next], observed);
    if (contradiction) return undefined;
    this.#believe(observed);
    return record;
  }

  #believe(observed: Observed): void {
    this.#believed = [...this.#believed.slice(1 - HISTORY), observed];
  }

  #objection(observed: Observed): Objection | undefined {
    const before = this.#believed.at(-1);
    return (
      objectionWithin(observed, this.#ignored) ??
      (before && objectionBetween(before, observed, this.#ignored)) ??
      objectionToOrder(this.#believed, observed)
    );
  }

  /** Only what must hold within one record protects the first one, so that the second one has to follow from it. */
  #objectionToFirst(): Objection | undefined {
    return this.#believed.length === 0 ? FIRST : undefined;
  }

  /** What speaks against a record, once the rules are left out that are none for this device. */
  #learn(observed: Observed): Objection | undefined {
    const objection = this.#objection(observed);
    const name = objection?.name ?? '';
    const exceptions = (this.#exceptions.get(name) ?? 0) + 1;
    this.#exceptions.clear();
    if (!objection) return undefined;
    this.#exceptions.set(name, exceptions);
    if (exceptions < EXCEPTIONS_IN_A_ROW) return objection;
    this.#ignored.add(name);
    return this.#learn(observed);
  }
}
