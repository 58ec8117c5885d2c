import { log, type LogLevel } from '@ubmsc/base';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { logLine, messageLine, useLogFormat } from './log-format.ts';
import { LogLimit } from './log-limit.ts';
import { startLogging } from './logging.ts';

const DAY = 86_400_000;

afterEach(() => useLogFormat('text'));

describe('the log of a link that flaps', () => {
  const lost = (device: string, seconds: number): Parameters<LogLimit['take']>[0] => ({
    level: 'warn',
    target: 'ubmsc::battery',
    text: `the link to ${device} was lost after ${seconds.toFixed(1)} s`,
  });

  test('has few lines a day, and says how many were left out', () => {
    const limit = new LogLimit();
    const lines: string[] = [];
    for (let flap = 0; flap < 11_200; flap++) {
      const entry = limit.take(lost('house', flap / 10), (flap * DAY) / 11_200);
      if (entry) lines.push(entry.text);
    }
    expect(lines.length).toBeLessThan(60);
    const leftOut = lines.reduce((sum, line) => sum + Number(/\((\d+) such/.exec(line)?.[1] ?? 0), 0);
    expect(lines.length + leftOut).toBeGreaterThan(10_900);
  });

  test('does not hide that of another battery, another level, or what somebody looks for', () => {
    const limit = new LogLimit();
    for (let flap = 0; flap < 100; flap++) limit.take(lost('house', flap), 0);
    expect(limit.take(lost('house', 1), 0)).toBeUndefined();
    expect(limit.take(lost('van', 1), 0)).toBeDefined();
    expect(limit.take({ ...lost('house', 1), level: 'error' }, 0)).toBeDefined();
    expect(limit.take({ ...lost('house', 1), level: 'debug' }, 0)).toBeDefined();
  });

  test('is limited where it is written', async () => {
    const write = vi.fn<(level: LogLevel, line: string) => void>();
    const sink = { write, [Symbol.dispose]: () => {} };
    using logging = await startLogging({ filter: 'info', journal: false, sink });
    for (let flap = 0; flap < 100; flap++)
      log('info', 'link', () => `house has closed the link after ${flap} s`);
    expect(logging).toBeDefined();
    expect(write).toHaveBeenCalledTimes(10);
  });
});

describe('a line of the log', () => {
  const entry = { level: 'warn', target: 'ubmsc::link', text: 'lost "it"' } as const;
  const now = new Date(2026, 0, 2, 3, 4, 5);

  test('has its time on a terminal, and none in a file, whose reader adds one', () => {
    expect(logLine(entry, now, true)).toBe('03:04:05 WARN  ubmsc::link: lost "it"');
    expect(logLine(entry, now, false)).toBe('WARN  ubmsc::link: lost "it"');
  });

  test('is an object of JSON where that is asked for, and so is what is said to people', () => {
    useLogFormat('json');
    expect(JSON.parse(logLine(entry, now, true))).toEqual({
      time: now.toISOString(),
      level: 'warn',
      target: 'ubmsc::link',
      message: 'lost "it"',
    });
    expect(JSON.parse(messageLine('info', 'metrics at x'))).toMatchObject({
      level: 'info',
      target: 'ubmsc',
      message: 'metrics at x',
    });
  });
});
