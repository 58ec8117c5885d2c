import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WakingClock } from './waking-clock.ts';

/** A machine whose times a test sets, in milliseconds. */
class Machine {
  monotonicTime = 5000;
  wallTime = 1_700_000_000_000;
  uptimeTime = 90_000;
  readonly slept: number[] = [];
  readonly clock = new WakingClock((time) => this.slept.push(time), {
    monotonic: () => this.monotonicTime,
    wall: () => this.wallTime,
    uptime: () => this.uptimeTime,
  });

  run(time: number): void {
    this.monotonicTime += time;
    this.wallTime += time;
    this.uptimeTime += time;
  }

  sleep(time: number): void {
    this.wallTime += time;
    this.uptimeTime += time;
  }
}

test('the time that a machine sleeps counts, and is told of', () => {
  const machine = new Machine();
  expect(machine.clock.now()).toBe(5000);
  machine.run(1000);
  machine.sleep(3_600_000);
  machine.run(500);
  expect(machine.clock.now()).toBe(6500 + 3_600_000);
  expect(machine.slept).toEqual([3_600_000]);
  machine.run(100);
  machine.sleep(60_000);
  expect(machine.clock.now()).toBe(6600 + 3_660_000);
  expect(machine.slept).toEqual([3_600_000, 60_000]);
});

test('a wall clock that is set forwards or backwards is not a sleep', () => {
  const machine = new Machine();
  for (const step of [86_400_000, -86_400_000, 2000]) {
    machine.wallTime += step;
    machine.run(1000);
    machine.clock.now();
  }
  expect(machine.clock.now()).toBe(8000);
  expect(machine.slept).toEqual([]);
});

test('whatever happens, the clock never steps back and never runs slower than the machine', () => {
  const step = fc.record({
    run: fc.nat(10_000),
    sleep: fc.nat(100_000),
    set: fc.integer({ min: -1e9, max: 1e9 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const machine = new Machine();
      let before = machine.clock.now();
      for (const { run, sleep, set } of steps) {
        machine.run(run);
        machine.sleep(sleep);
        machine.wallTime += set;
        const now = machine.clock.now();
        expect(now - before).toBeGreaterThanOrEqual(run);
        before = now;
      }
    }),
  );
});
