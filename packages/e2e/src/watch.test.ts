import { expect, test } from 'vitest';
import { simulator, ubmsc } from './command.ts';

test.concurrent('rows of a spreadsheet have one header and the same columns', async () => {
  const { code, stdout, stderr } = await ubmsc('--adapter', 'sim:2', 'watch', '-f', 'csv', '--count', '2');
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\r\n');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toMatch(/^time,device,doubt,.*cell_voltage_4,/);
  expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
});

test.concurrent('a watch of nothing says what that can mean', async () => {
  await using place = await simulator('--fault', 'held-by-other');
  const { code, stderr } = await ubmsc('--adapter', place.adapter, 'watch', '--for', '1s');
  expect([code, stderr]).toEqual([
    4,
    expect.stringMatching(/^ubmsc: no JK battery was found; they are held /),
  ]);
});
