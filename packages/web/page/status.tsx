import type { Battery } from './api.ts';
import { ageText } from './format.ts';
import { SILENT } from './live.ts';

/** Whether what is shown of a battery may be taken for its present state. */
export function isLive(battery: Battery, elapsed: number): boolean {
  return elapsed < SILENT && battery.age !== null && battery.age + elapsed < battery.stale_after;
}

/** Live, stale with its age, or what else is known; and whether anything of it is real. */
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
