import { FreshnessMonitor } from '../freshness.ts';
import type { Doubt, Frame, Variant } from '@ubmsc/protocol';
import { observed, Session, type Arrival, type Case, type Observed } from './observed.ts';
import { learnPace } from './pace.ts';
import { impossible } from './ranges.ts';
import { questions } from './rules.ts';

export interface CellDataRecord {
  readonly frame: Frame;
  readonly variant: Variant;
}

export interface Decision<R> {
  /** Records accepted now, in order, each with what still speaks against it. */
  readonly accepted: readonly { readonly record: R; readonly doubt: Doubt | undefined }[];
  /** Why the record that has come is not accepted, or waits for the next one; undefined when it is accepted. */
  readonly delayed: string | undefined;
  /** Why records are refused. */
  readonly refused: readonly string[];
}

/** A battery is shown after this many records in a row that were refused because of what the next one said. */
const MOST_REFUSED = 2;

const names = Object.keys(questions).filter((name): name is Doubt => name in questions);

interface Waiting<R> {
  readonly record: R;
  readonly seen: Observed;
  readonly doubts: readonly Doubt[];
}

export class Acceptance<R extends CellDataRecord> {
  readonly #session = new Session();
  readonly #freshness = new FreshnessMonitor();
  #before: Observed | undefined;
  #waiting: Waiting<R> | undefined;
  #refusedInARow = 0;

  observe(record: R, arrival: Arrival): Decision<R> {
    const seen = observed(record, arrival);
    const isLive = this.#freshness.observe(seen.fields, arrival.time);
    const refusal = impossible(seen) ?? (isLive ? undefined : 'frozen');
    if (refusal !== undefined) return { accepted: [], delayed: refusal, refused: [refusal] };
    const accepted: { record: R; doubt: Doubt | undefined }[] = [];
    const refused: Doubt[] = [];
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) {
      const { refutedBy, doubt } = this.#judge(waiting, seen);
      if (refutedBy !== undefined && this.#refusedInARow < MOST_REFUSED) {
        refused.push(refutedBy);
        this.#refusedInARow++;
      } else accepted.push({ record: waiting.record, doubt: this.#accept(waiting.seen, refutedBy ?? doubt) });
    }
    const doubts = names.filter((name) => questions[name].isDoubtful(seen, this.#before, this.#session));
    const [first] = doubts;
    if (first === undefined) accepted.push({ record, doubt: this.#accept(seen, undefined) });
    else this.#waiting = { record, seen, doubts };
    return { accepted, delayed: first, refused };
  }

  #judge(
    { seen, doubts }: Waiting<R>,
    next: Observed,
  ): { refutedBy: Doubt | undefined; doubt: Doubt | undefined } {
    const given: Case = { before: this.#before, record: seen, next };
    const verdicts = doubts.map((name) => [name, questions[name].judge(given, this.#session)] as const);
    const withVerdict = (wanted: string): Doubt | undefined =>
      verdicts.find(([, verdict]) => verdict === wanted)?.[0];
    return { refutedBy: withVerdict('refuted'), doubt: withVerdict('open') };
  }

  #accept(seen: Observed, doubt: Doubt | undefined): Doubt | undefined {
    if (this.#before) learnPace(this.#before, seen, this.#session);
    this.#before = seen;
    this.#refusedInARow = 0;
    return doubt;
  }
}
