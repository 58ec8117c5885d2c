import { cellFields } from '@ubmsc/protocol';
import type { Frame } from '@ubmsc/protocol';
import type { Variant } from '@ubmsc/protocol';
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
  /** Records that are believed now, in order: those that were held back, and the one that has come, or none. */
  readonly believed: readonly R[];
  /** Why the record that has come is held back; undefined when it is believed. */
  readonly held: Doubt | undefined;
  /** Why records that were held back until now are not believed, one for each. */
  readonly refused: readonly Doubt[];
}

/**
 * A rule to which so many records in a row do not keep is none for this device. Where each record is damaged, at random,
 * hardly so many break the same one.
 */
const EXCEPTIONS_IN_A_ROW = 25;

/** So many records are remembered. */
const HISTORY = 8;

/** When more of the latest records than this were doubted, what passes does so by luck. */
const TRUSTED = { doubted: 8, of: 20 };

const LUCK: Objection = { doubt: 'luck', name: 'luck', isBorneOut: () => false };

const FIRST: Objection = { doubt: 'first', name: 'first', isBorneOut: () => true, witnesses: 1 };

/** So many records have to show a change at first, and at most: more each time that one of its kind was taken back. */
const WITNESSES = { first: 2, most: 4 };

/** A record, and what it is looked at by. */
interface Taken<R> {
  readonly record: R;
  readonly observed: Observed;
}

/** Records that are held back: one that something speaks against, and those that have borne it out so far. */
interface Held<R> {
  readonly objection: Objection;
  readonly records: readonly [Taken<R>, ...Taken<R>[]];
}

/**
 * Decides which cell data records of one link are believed. A record against which something speaks is held back until
 * the next ones: when they follow from it, the battery has really changed, and all are believed.
 */
export class PlausibilityFilter<R extends CellDataRecord> {
  /** The latest that were believed, the newest last. */
  #believed: readonly Observed[] = [];
  #held: Held<R> | undefined;
  /** How many records in a row did not keep to a rule. */
  readonly #exceptions = new Map<string, number>();
  /** Rules that are none for this device. */
  readonly #ignored = new Set<string>();
  /** Whether something spoke against each of the latest records. */
  #doubted: readonly boolean[] = [];
  /** How often a change that a rule has doubted was taken back. */
  readonly #takenBack = new Map<string, number>();

  /** Takes the next record. */
  observe(record: R, arrival: Arrival): Judgement<R> {
    const { frame, variant } = record;
    return this.#take({
      record,
      observed: { bytes: frame.bytes, fields: cellFields(frame, variant), variant, arrival },
    });
  }

  #take(next: Taken<R>): Judgement<R> {
    const before = this.#held;
    this.#held = undefined;
    if (before && this.#bearsOut(next.observed, before)) return this.#bear(before, next);
    const { observed, record } = next;
    const refused = before?.records.map(() => before.objection.doubt) ?? [];
    const broken = this.#learn(observed);
    this.#doubted = [...this.#doubted.slice(1 - TRUSTED.of), broken !== undefined];
    const objection =
      broken ??
      objectionToPauses(observed) ??
      objectionToCopies(this.#believed.at(-1), observed) ??
      this.#objectionToLuck() ??
      this.#objectionToFirst();
    if (!objection) {
      this.#believe(observed);
      return { believed: [record], held: undefined, refused };
    }
    this.#held = { objection, records: [next] };
    return { believed: [], held: objection.doubt, refused };
  }

  /** Takes one more record that bears out what is held back; enough of them, and each is looked at anew. */
  #bear({ objection, records }: Held<R>, next: Taken<R>): Judgement<R> {
    if (records.length < this.#witnesses(objection)) {
      this.#held = { objection, records: [...records, next] };
      return { believed: [], held: objection.doubt, refused: [] };
    }
    const [first, ...others] = records;
    this.#believe(first.observed);
    const judgements = [...others, next].map((each) => this.#take(each));
    return {
      believed: [first.record, ...judgements.flatMap(({ believed }) => believed)],
      held: judgements.at(-1)?.held,
      refused: judgements.flatMap(({ refused }) => refused),
    };
  }

  /** Whether the next record shows the same as those that are held back. */
  #bearsOut(next: Observed, { objection, records }: Held<R>): boolean {
    const { observed: latest } = records.at(-1) ?? records[0];
    const settled = objection.mayGoOn ? new Set([...this.#ignored, objection.name]) : this.#ignored;
    const isSo =
      objection.isBorneOut(next) &&
      (objectionToPauses(latest)?.isBorneOut(next) ?? true) &&
      (objectionToCopies(records.at(-2)?.observed ?? this.#believed.at(-1), latest)?.isBorneOut(next) ??
        true) &&
      !objectionWithin(next, this.#ignored) &&
      !objectionBetween(latest, next, settled) &&
      !objectionToOrder([next], latest);
    if (!isSo) this.#takenBack.set(objection.name, (this.#takenBack.get(objection.name) ?? 0) + 1);
    return isSo;
  }

  /** How many records have to bear an objection out. What has come and gone before has to stay longer. */
  #witnesses({ name, witnesses }: Objection): number {
    return witnesses ?? Math.min(WITNESSES.first + (this.#takenBack.get(name) ?? 0), WITNESSES.most);
  }

  #believe(observed: Observed): void {
    this.#believed = [...this.#believed.slice(1 - HISTORY), observed];
  }

  #objectionToLuck(): Objection | undefined {
    return this.#doubted.filter(Boolean).length > TRUSTED.doubted ? LUCK : undefined;
  }

  /** Only what must hold within one record protects the first one, so that the second one has to follow from it. */
  #objectionToFirst(): Objection | undefined {
    return this.#believed.length === 0 ? FIRST : undefined;
  }

  /** What speaks against a record, once a rule is left out that is none for this device. */
  #learn(observed: Observed): Objection | undefined {
    const before = this.#believed.at(-1);
    const objection =
      objectionWithin(observed, this.#ignored) ??
      (before && objectionBetween(before, observed, this.#ignored));
    const exceptions = objection ? (this.#exceptions.get(objection.name) ?? 0) + 1 : 0;
    this.#exceptions.clear();
    if (!objection) return objectionToOrder(this.#believed, observed);
    this.#exceptions.set(objection.name, exceptions);
    if (objection.isLaw || exceptions < EXCEPTIONS_IN_A_ROW) return objection;
    this.#ignored.add(objection.name);
    return this.#learn(observed);
  }
}
