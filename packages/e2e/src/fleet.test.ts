import { once } from 'node:events';
import { openFleet } from '@ubmsc/client';
import { liveReading, type BatteryEvent } from '@ubmsc/session';
import { simulate } from '@ubmsc/simulator';
import { expect, test } from 'vitest';

test('a fleet brings every battery of its adapter to life and tells how each got there', async () => {
  await using fleet = await openFleet({ adapter: 'sim:2', simulate });
  const seen: BatteryEvent[] = [];
  const live = new Set<string>();
  const all = new EventTarget();
  const watching = fleet.observe((event) => {
    seen.push(event);
    if (event.kind === 'reading' && live.add(event.status.device).size === 2) {
      all.dispatchEvent(new Event('live'));
    }
  });
  await once(all, 'live');
  watching[Symbol.dispose]();
  expect([...live].toSorted()).toEqual(['UPS_BMS', 'UPS_BMS_2']);
  const states = seen.flatMap((event) =>
    event.kind === 'state' && event.status.device === 'UPS_BMS' ? [event.status.state] : [],
  );
  expect(states).toEqual(expect.arrayContaining(['connecting', 'identifying', 'streaming']));
  expect(fleet.statuses.every((status) => liveReading(status, fleet.now()) !== undefined)).toBe(true);
});
