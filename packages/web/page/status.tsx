import type { Battery } from './api.ts';
import { ageText } from './format.ts';
import { SILENT } from './live.ts';

/** Whether the values shown are the present ones. */
export function isLive(battery: Battery, elapsed: number): boolean {
  return elapsed < SILENT && battery.age !== null && battery.age + elapsed < battery.stale_after;
}

/** The badges of a battery: live, stale with its age, or its state; SIMULATED. */
export function Status({ battery, elapsed }: { readonly battery: Battery; readonly elapsed: number }) {
  const age = battery.age === null ? undefined : battery.age + elapsed;
  const live = isLive(battery, elapsed);
  const text = live ? 'LIVE' : age === undefined ? battery.state_text.toUpperCase() : `STALE ${ageText(age)}`;
  return (
    <p class="status" role="status">
      <span class={live ? 'badge live' : 'badge stale'}>{text}</span>
      {battery.simulated && <span class="badge simulated">SIMULATED</span>}
      {battery.doubt !== null && live && <span class="badge doubt">IN DOUBT: {battery.doubt}</span>}
      {elapsed >= SILENT && <span class="message">not connected to ubmsc for {ageText(elapsed)}</span>}
      {elapsed < SILENT && !live && battery.message !== null && (
        <span class="message">{battery.message}</span>
      )}
    </p>
  );
}
