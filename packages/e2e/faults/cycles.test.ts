import { openAdapter } from '@ubmsc/client';
import { Ether } from '@ubmsc/hci';
import { simulate } from '@ubmsc/simulator';
import { expect, test } from 'vitest';
import { startFakeClock } from './fake-clock.ts';
import { collectWarnings, holdings, leaks } from './leaks.ts';
import { run } from './scenario.ts';

const CYCLES = 1000;

test(
  'a thousand links one after the other leave listeners, timers and handles as they were',
  { timeout: 120_000 },
  async () => {
    using collected = collectWarnings();
    const atFirst = holdings();
    using clock = startFakeClock();
    {
      await using ether = new Ether();
      const simulation = await clock.during(simulate({ ether }));
      const adapter = await clock.during(openAdapter(ether));
      const cycle = async (): Promise<void> => {
        const battery = await clock.during(adapter.open('UPS_BMS'));
        await clock.during(battery.close());
      };
      await cycle();
      const before = { ...holdings(), timers: clock.timers };
      for (let count = 0; count < CYCLES; count++) await cycle();
      expect(leaks(before, holdings(), clock.timers - before.timers)).toEqual([]);
      expect(simulation.report.batteries[0]).toMatchObject({
        connected: false,
        connects: CYCLES + 1,
        disconnects: { 'Remote User Terminated Connection': CYCLES + 1 },
      });
      await clock.during(adapter.close());
      await clock.during(simulation.close());
    }
    await clock.pass(30_000);
    expect(leaks(atFirst, holdings(), clock.timers)).toEqual([]);
    expect(collected.warnings).toEqual([]);
  },
);

test('a dozen batteries on one adapter are live at the same time, and nobody warns of a leak', async () => {
  using collected = collectWarnings();
  const before = holdings();
  using clock = startFakeClock();
  const outcome = await run({ faults: [], batteries: 12, lasts: 30 }, clock);
  expect(outcome.live).toBeGreaterThan(0.8);
  expect(outcome.wrong).toBe(0);
  expect(leaks(before, holdings(), clock.timers)).toEqual([]);
  expect(collected.warnings).toEqual([]);
});
