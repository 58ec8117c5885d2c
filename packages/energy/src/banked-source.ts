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
  readonly #banks: readonly Bank[];

  constructor(source: BatterySource, banks: readonly Bank[]) {
    this.#source = source;
    this.#banks = banks;
  }

  get statuses(): readonly BatteryStatus[] {
    const { statuses } = this.#source;
    const now = this.now();
    return [...statuses, ...this.#banks.map((bank) => bankStatus(bank, statuses, now))];
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

  /** Says what an event of a battery means for its bank. */
  #tell(
    bank: Bank,
    event: BatteryEvent,
    told: Map<Bank, Told>,
    listener: (event: BatteryEvent) => void,
  ): void {
    const { statuses } = this.#source;
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
