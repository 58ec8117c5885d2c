import { describe, expect, test } from 'vitest';
import { FakeSource } from '../../test/fake-source.ts';
import { Watch } from './watch.ts';

function watching(...devices: readonly string[]): { source: FakeSource; watch: Watch } {
  const source = new FakeSource();
  for (const device of devices) source.add(device);
  return { source, watch: new Watch(source, { changed: () => {} }) };
}

const texts = (watch: Watch, device?: string): string[] => watch.events.of(device).map(({ text }) => text);

describe('what is watched', () => {
  test('becomes events: states with their message, alarms that come and go, switches', () => {
    const { source, watch } = watching('VAN');
    source.move('VAN', 'connecting');
    source.read('VAN');
    source.read('VAN', { alarms: ['cellUnderVoltage'] });
    source.read('VAN', { fields: { dischargeMosOn: 0 } });
    source.move('VAN', 'lost', { reason: 'supervisionTimeout', message: 'the link was lost; go nearer' });
    expect(texts(watch, 'VAN')).toEqual([
      'connecting',
      'live',
      'A cell is below its lower limit (cell 1: 3.312 V)',
      'Over: A cell is below its lower limit',
      'discharging is switched off',
      'lost: out of range (0x08)',
    ]);
    expect(watch.events.of('VAN').map(({ severity }) => severity)).toEqual([
      'step',
      'good',
      'alarm',
      'good',
      'info',
      'notice',
    ]);
  });

  test('tells of alarms that are there from the beginning', () => {
    const { source, watch } = watching('VAN');
    source.read('VAN', { alarms: ['mosOverTemperature'] });
    expect(texts(watch)).toContain('The MOSFETs are too hot (24.1 °C)');
  });

  test('tells when the number of cells changes', () => {
    const { source, watch } = watching('VAN');
    source.read('VAN', { cells: [3.3, 3.3, 3.3, 3.3] });
    source.read('VAN', { cells: [3.3, 3.3, 3.3] });
    expect(texts(watch)).toContain('3 cells instead of 4');
  });

  test('keeps the events of one battery from those of another', () => {
    const { source, watch } = watching('VAN', 'BOAT');
    source.read('VAN');
    watch.note('notice', 'a line of the log');
    expect(texts(watch, 'BOAT')).toEqual([]);
    expect(texts(watch)).toEqual(['live', 'a line of the log']);
  });

  test('can be seen as it was: state, reading, and age', () => {
    const { source, watch } = watching('VAN');
    source.stream('VAN', 10_000, (elapsed) => ({ percent: elapsed / 1000 + 20 }));
    const then = source.time;
    source.time += 5000;
    source.move('VAN', 'lost', { reason: 'linkLost' });
    source.time += 60_000;
    const [status] = watch.statuses(then);
    expect([status?.state, status?.reading?.remainPercent, status?.readingTime]).toEqual([
      'streaming',
      30,
      then,
    ]);
    expect(watch.statuses(then + 6000)[0]?.state).toBe('lost');
    expect(watch.statuses(0)[0]).toMatchObject({ state: 'waiting', reading: undefined });
  });

  test('with many batteries is remembered less densely, so that memory stays bounded', () => {
    const names = Array.from({ length: 100 }, (_, index) => `B${index}`);
    const { source, watch } = watching(...names);
    for (let second = 0; second < 60; second++) {
      source.time += 1000;
      for (const name of names) source.read(name);
    }
    const counts = names.map((name) => watch.history(name)?.end ?? 0);
    expect(Math.max(...counts)).toBeLessThan(25);
    expect(Math.min(...counts)).toBeGreaterThan(5);
  });

  test('is watched no more after it was disposed of', () => {
    const { source, watch } = watching('VAN');
    watch[Symbol.dispose]();
    source.read('VAN');
    expect(texts(watch)).toEqual([]);
  });
});
