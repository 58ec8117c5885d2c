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

/**
 * The zone of the process (`TZ`), such as `Europe/Berlin`. Where that does not name one, as in `TZ=GMT+3`, it is the
 * distance from UTC that its clock has now: `UTC-03:00`.
 */
export function localZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return isZone(timeZone) ? timeZone : zoneAt(-new Date().getTimezoneOffset());
}

/** Node has no name, `Etc/Unknown`, or a distance for what `TZ` says and it does not know. */
function isZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A zone that is ahead of UTC by these minutes. */
function zoneAt(minutes: number): string {
  if (minutes === 0) return 'UTC';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`;
}
