import type { BatteryEvent, BatterySource, BatteryStatus, SessionState } from '@ubmsc/session';
import { membersOf, type Bank } from './bank.ts';
import { bankStatus } from './bank-status.ts';

/** What a bank was when it was last told of. */
interface Told {
  readonly state: SessionState;
  readonly message: string | undefined;
}

/**
 * A source that has banks besides the batteries of another one. A bank has a reading as often as the first of its
 * batteries that is live.
 */
export class BankedSource implements BatterySource {
  readonly #source: BatterySource;
  #banks: readonly Bank[];

  /** The latest status of each battery whose reading is not in doubt. */
  readonly #accepted = new Map<string, BatteryStatus>();

  /** Follows the source as long as that lives. */
  constructor(source: BatterySource, banks: readonly Bank[]) {
    this.#source = source;
    this.#banks = banks;
    source.observe(({ kind, status }) => {
      if (kind === 'reading' && status.reading?.doubt === undefined)
        this.#accepted.set(status.device, status);
    });
  }

  /** Shows these banks from now on. */
  set(banks: readonly Bank[]): void {
    this.#banks = banks;
  }

  get statuses(): readonly BatteryStatus[] {
    const { statuses } = this.#source;
    const now = this.now();
    const summed = this.#withoutDoubt(statuses);
    return [...statuses, ...this.#banks.map((bank) => bankStatus(bank, summed, now))];
  }

  now(): number {
    return this.#source.now();
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    const told = new Map<Bank, Told>();
    return this.#source.observe((event) => {
      listener(event);
      for (const bank of this.#banks) this.#tell(bank, event, told, listener);
    });
  }

  /** A reading in doubt is in no sum: the one before it is, while it is fresh. */
  #withoutDoubt(statuses: readonly BatteryStatus[]): readonly BatteryStatus[] {
    return statuses.map((status) => {
      if (status.reading?.doubt === undefined) return status;
      const { reading, readingTime } = this.#accepted.get(status.device) ?? {};
      return { ...status, reading, readingTime };
    });
  }

  /** Says what an event of a battery means for its bank. */
  #tell(
    bank: Bank,
    event: BatteryEvent,
    told: Map<Bank, Told>,
    listener: (event: BatteryEvent) => void,
  ): void {
    const statuses = this.#withoutDoubt(this.#source.statuses);
    const members = membersOf(bank, statuses);
    const { device } = event.status;
    if (!members.some(({ status }) => status?.device === device)) return;
    const status = bankStatus(bank, statuses, this.now());
    const before = told.get(bank);
    const { state, message } = status;
    const { time } = event;
    told.set(bank, { state, message });
    if (state !== before?.state || message !== before.message)
      listener({ kind: 'state', time, from: before?.state ?? 'waiting', status });
    const leader = members.find((member) => isLive(member.status, this.now()))?.status?.device;
    if (event.kind === 'reading' && device === leader && status.reading)
      listener({ kind: 'reading', time: status.reading.source.time, status, reading: status.reading });
  }
}

function isLive(status: BatteryStatus | undefined, now: number): boolean {
  const { readingTime, staleAfter = 0 } = status ?? {};
  return readingTime !== undefined && now - readingTime < staleAfter;
}
