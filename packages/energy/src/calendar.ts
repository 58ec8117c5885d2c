/** A clock that shows an earlier time, in milliseconds since 1970-01-01 UTC, was not set yet: many small machines have no battery for it. */
const EARLIEST = Date.UTC(2026, 0, 1);

/** Whether the wall clock was set. */
export function isClockSet(time: number): boolean {
  return time >= EARLIEST;
}

/** The local day of a time of the wall clock, such as `2026-11-29`. The zone is that of the process (`TZ`). */
export function localDay(time: number): string {
  const date = new Date(time);
  return `${localMonth(time)}-${String(date.getDate()).padStart(2, '0')}`;
}

/** The local month of a time of the wall clock, such as `2026-11`. */
export function localMonth(time: number): string {
  const date = new Date(time);
  return `${String(date.getFullYear()).padStart(4, '0')}-${String(date.getMonth() + 1).padStart(2, '0')}`;
}

/** The zone that days are told in, such as `Europe/Berlin`. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
