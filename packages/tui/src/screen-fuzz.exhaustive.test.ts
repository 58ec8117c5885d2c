import { times } from '@ubmsc/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Emulator } from '../test/emulator.ts';
import { FakeSource, type Given } from '../test/fake-source.ts';
import { viewSource } from '../test/view-source.ts';
import { mount } from './components/mount.tsx';
import { InputReader } from './keys/input-reader.ts';
import { Screen } from './terminal/screen.ts';
import { linesOf } from './views/composition.ts';
import type { Viewer } from './viewer/viewer.ts';

// Times of events are of the wall, and notices pass.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const names = ['VAN', 'BOAT', '🔋 SHED', 'סוללה', '电池'] as const;

interface Size {
  width: number;
  height: number;
}

/** A terminal with a screen on it, as it is while the terminal UI runs. */
class Running implements Disposable {
  readonly source = new FakeSource();
  readonly size: Size;
  readonly terminal: Emulator;
  readonly viewer: Viewer;
  readonly sink = { isBusy: false, write: (text: string): void => void this.terminal.write(text) };
  readonly #screen: Screen;
  readonly #ink: ReturnType<typeof mount>;
  readonly #reader: InputReader;

  constructor({ width, height }: Size) {
    for (const name of names) this.source.add(name);
    this.size = { width, height };
    this.terminal = takenTerminal(this.size);
    this.viewer = viewSource(this.source, {
      size: this.size,
      colorDepth: 24,
      effects: { redraw: () => this.#screen.forget() },
      past: async (_, columns, { from, to, points }) => {
        const length = (to - from) / points;
        const rows = Array.from({ length: points }, (__, index) => {
          const value = (index * 7919) % 100;
          return {
            time: from + index * length,
            length,
            low: value - 5,
            high: value,
            mean: value,
            last: value,
          };
        });
        return await Promise.resolve(new Map(columns.map((column) => [column, rows])));
      },
    });
    this.#screen = new Screen(this.sink, () => this.size.height, this.viewer.look);
    this.#screen.open = true;
    this.#ink = mount(this.viewer, this.#screen, () => this.size);
    this.#reader = new InputReader((input) => this.viewer.take(input));
  }

  type(keys: string): void {
    this.#reader.push(keys);
  }

  /** The terminal changes first; frames of the old size may still be written before the program knows of it. */
  resize({ width, height }: Size, isLate: boolean): void {
    this.terminal.resize(width, height);
    if (isLate) this.draw();
    Object.assign(this.size, { width, height });
    this.#screen.forget();
  }

  draw(): void {
    this.viewer.changed();
  }

  catchUp(): void {
    this.sink.isBusy = false;
    this.#screen.flush();
  }

  /** What stands on the terminal, and what would stand on one that was never written on before. */
  async both(): Promise<readonly [shown: readonly string[], fresh: readonly string[]]> {
    this.catchUp();
    this.draw();
    const fresh = takenTerminal(this.size);
    const screen = new Screen(
      { isBusy: false, write: (text) => void fresh.write(text) },
      () => this.size.height,
      this.viewer.look,
    );
    screen.open = true;
    screen.place(0, 0, linesOf(this.viewer.composition()));
    screen.show();
    return [await this.terminal.looks(), await fresh.looks()];
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
    this.#ink.unmount();
    this.viewer[Symbol.dispose]();
    this.terminal.dispose();
  }
}

function takenTerminal({ width, height }: Size): Emulator {
  const terminal = new Emulator(width, height);
  terminal.write('\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l');
  return terminal;
}

type Step = (running: Running) => void;

const size = fc.record({ width: fc.integer({ min: 20, max: 210 }), height: fc.integer({ min: 5, max: 62 }) });

const keys = fc.constantFrom(
  ...'qjklhdiucoxXfBabtm?gG/swyAS[]{}+-. n'.split(''),
  '\r',
  '\t',
  '\u{1b}',
  '\u{1b}[A',
  '\u{1b}[B',
  '\u{1b}[D',
  '\u{1b}[6~',
  '----',
  '\u{1b}[H',
  '\u{c}',
  '\u{15}',
  '\u{1b}[<0;10;6M',
  '\u{1b}[<65;1;1M',
);

const given: fc.Arbitrary<Given> = fc.record({
  cells: fc.array(
    fc.integer({ min: 0, max: 4200 }).map((millivolts) => millivolts / 1000),
    { maxLength: 32 },
  ),
  current: fc.integer({ min: -300, max: 300 }),
  percent: fc.integer({ min: 0, max: 100 }),
  alarms: fc.subarray(['cellUnderVoltage', 'cellOverVoltage', 'mosOverTemperature', 'changePassword']),
});

const device = fc.constantFrom(...names);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(keys, { maxLength: 4 }).map((all) => (it: Running) => it.type(all.join(''))),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(size, fc.boolean()).map(
      ([to, isLate]) =>
        (it: Running) =>
          it.resize(to, isLate),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(device, given).map(
      ([name, values]) =>
        (it: Running) =>
          it.source.read(name, values),
    ),
  },
  {
    weight: 1,
    arbitrary: device.map(
      (name) => (it: Running) =>
        it.source.move(name, 'lost', {
          reason: 'supervisionTimeout',
          message: 'the link was lost; go nearer',
        }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string().map((text) => (it: Running) => it.type(`\u{1b}[200~${text}\u{1b}[201~`)),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 100, max: 20_000 }).map((elapsed) => (it: Running) => {
      it.source.time += elapsed;
      vi.advanceTimersByTime(elapsed);
    }),
  },
  { weight: 1, arbitrary: fc.constant((it: Running) => void (it.sink.isBusy = true)) },
  { weight: 1, arbitrary: fc.constant((it: Running) => it.catchUp()) },
);

/** All cases together take two minutes where nothing else runs, in milliseconds. */
const LONGEST = 2 * 3_600_000;

test(
  'after any keys, sizes, pasted texts and readings the terminal shows what a fresh one would',
  { timeout: LONGEST },
  async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.array(step, { minLength: 1, maxLength: 16 }), async (first, steps) => {
        using running = new Running(first);
        for (const each of steps) {
          each(running);
          running.draw();
        }
        const [shown, fresh] = await running.both();
        expect(shown).toEqual(fresh);
      }),
      { numRuns: times(25, 10_000) },
    );
  },
);
