import { FreshnessMonitor } from '../freshness.ts';
import { isImpossible, type Doubt, type Frame, type Variant } from '@ubmsc/protocol';
import { observed, Session, type Arrival, type Case, type Observed } from './observed.ts';
import { learnLoose } from './flicker.ts';
import { learnPace } from './pace.ts';
import { questions } from './rules.ts';

/** A cell data record whose layout is known. */
export interface CellDataRecord {
  readonly frame: Frame;
  readonly variant: Variant;
  /** What speaks against it although it was accepted. */
  readonly doubt?: Doubt;
}

/** What is decided when a record has come. */
export interface Decision<R> {
  /** Records that are accepted now, in order: one that has waited, and the one that has come. */
  readonly accepted: readonly R[];
  /** The rule by which the record that has come is refused, or waits for the next one; undefined when it is accepted. */
  readonly delayed: string | undefined;
  /** The rule by which each record is refused that is given up now. */
  readonly refused: readonly string[];
}

/** After this many records in a row that were refused because of what the next one said, a battery is shown all the same. */
const MOST_REFUSED = 2;

const rows = Object.keys(questions)
  .filter((name): name is Doubt => name in questions)
  .map((name) => ({ name, isDoubtful: questions[name].isDoubtful }));

const NONE: readonly string[] = [];

/** A record that waits for the next one, and the rules that doubt it. */
interface Waiting<R> {
  readonly record: R;
  readonly seen: Observed;
  readonly doubts: readonly Doubt[];
}

/**
 * Decides which cell data records of one link are accepted. A record that a rule doubts waits for the next one, which
 * confirms or refutes it; see `rules.ts` and decision 8.
 */
export class Acceptance<R extends CellDataRecord> {
  readonly #session: Session;
  readonly #freshness = new FreshnessMonitor();
  /** The record that was accepted last. */
  #before: Observed | undefined;
  #waiting: Waiting<R> | undefined;
  #refusedInARow = 0;

  constructor(noise?: number) {
    this.#session = new Session(noise);
  }

  /** Takes the next record. */
  observe(record: R, arrival: Arrival): Decision<R> {
    const seen = observed(record, arrival);
    const isLive = this.#freshness.observe(seen.fields, seen.bytes, arrival.time);
    const refusal = isImpossible(record.frame, record.variant) ? 'range' : isLive ? undefined : 'frozen';
    if (refusal !== undefined) return { accepted: [], delayed: refusal, refused: [refusal] };
    const waiting = this.#waiting;
    if (waiting) return this.#resolve(waiting, record, seen);
    const delayed = this.#take(record, seen);
    return { accepted: delayed === undefined ? [record] : [], delayed, refused: NONE };
  }

  /** Decides on the record that has waited, then on the one that has come. */
  #resolve({ record: first, seen: firstSeen, doubts }: Waiting<R>, record: R, seen: Observed): Decision<R> {
    this.#waiting = undefined;
    const accepted: R[] = [];
    const { refutedBy, open } = this.#judge(doubts, { before: this.#before, record: firstSeen, next: seen });
    const isRefused = refutedBy !== undefined && this.#refusedInARow < MOST_REFUSED;
    if (isRefused) this.#refusedInARow++;
    else {
      const doubt = refutedBy ?? open;
      accepted.push(doubt === undefined ? first : { ...first, doubt });
      this.#accept(firstSeen);
    }
    const delayed = this.#take(record, seen);
    if (delayed === undefined) accepted.push(record);
    return { accepted, delayed, refused: isRefused ? [refutedBy] : NONE };
  }

  /** What the next record says about those that doubt a record. */
  #judge(doubts: readonly Doubt[], given: Case): { refutedBy: Doubt | undefined; open: Doubt | undefined } {
    let refutedBy: Doubt | undefined;
    let open: Doubt | undefined;
    for (const name of doubts) {
      const verdict = questions[name].judge(given, this.#session);
      if (verdict === 'refuted') refutedBy ??= name;
      if (verdict === 'open') open ??= name;
    }
    return { refutedBy, open };
  }

  /** Accepts a record, or lets it wait. Returns the rule that it waits for. */
  #take(record: R, seen: Observed): Doubt | undefined {
    let doubts: Doubt[] | undefined;
    for (const { name, isDoubtful } of rows)
      if (isDoubtful(seen, this.#before, this.#session)) (doubts ??= []).push(name);
    if (doubts) this.#waiting = { record, seen, doubts };
    else {
      if (this.#before) learnLoose(this.#before, seen, this.#session);
      this.#accept(seen);
    }
    return doubts?.[0];
  }

  #accept(seen: Observed): void {
    if (this.#before) learnPace(this.#before, seen, this.#session);
    this.#before = seen;
    this.#refusedInARow = 0;
  }
}
