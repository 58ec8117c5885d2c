import type { About, Battery, Value } from './api.ts';
import { Cells } from './cells.tsx';
import { numberOf, shown, words } from './format.ts';
import { isLive, Status } from './status.tsx';

/** The values shown first. */
const first = ['remain_percent', 'battery_power', 'battery_current', 'battery_voltage'];

/** Shown elsewhere on the page. */
const elsewhere = new Set([...first, 'cell_voltage', 'alarms']);

/** One battery as it is now; old values are crossed out. */
export function BatteryNow(props: {
  readonly battery: Battery;
  readonly about: About;
  readonly elapsed: number;
}) {
  const { battery, about, elapsed } = props;
  const live = isLive(battery, elapsed);
  const unitOf = (key: string): string | undefined => about.vocabulary[key]?.unit;
  const labelOf = (key: string): string => about.vocabulary[key]?.label ?? words(key);
  const others = Object.entries(battery.values).filter(([key]) => !elsewhere.has(key));
  return (
    <article class={live ? 'battery' : 'battery old'}>
      <Status battery={battery} elapsed={elapsed} />
      <Alarms value={battery.values['alarms']} />
      <dl class="first">
        {first.map((key) => (
          <div key={key}>
            <dt>{labelOf(key)}</dt>
            <dd data-key={key}>{shown(single(battery.values[key]), unitOf(key))}</dd>
          </div>
        ))}
      </dl>
      <Cells battery={battery} />
      <details>
        <summary>All values</summary>
        <dl class="others">
          {others.map(([key, value]) => (
            <div key={key}>
              <dt>{labelOf(key)}</dt>
              <dd data-key={key}>
                {Array.isArray(value)
                  ? value.map((each: Value) => shown(each, unitOf(key))).join(', ') || '–'
                  : shown(single(value), unitOf(key))}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </article>
  );
}

function single(value: Value | readonly Value[] | undefined): Value | undefined {
  return typeof value === 'object' && value !== null ? undefined : value;
}

function Alarms({ value }: { readonly value: Value | readonly Value[] | undefined }) {
  const names = Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
  if (names.length === 0) return null;
  return (
    <ul class="alarms" aria-label="Alarms">
      {names.map((name) => (
        <li key={name}>{words(name)}</li>
      ))}
    </ul>
  );
}

/** One line of the list of batteries. */
export function Summary({ battery, elapsed }: { readonly battery: Battery; readonly elapsed: number }) {
  const live = isLive(battery, elapsed);
  const charge = numberOf(battery.values['remain_percent']);
  return (
    <>
      <span class={live ? 'dot live' : 'dot stale'} aria-hidden="true" />
      {battery.device}
      <span class="quiet">{live ? ` ${shown(charge ?? null, '%')}` : ' stale'}</span>
    </>
  );
}
