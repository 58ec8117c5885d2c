import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { captureOutput } from './captured-output.ts';

test('what would be written over the screen becomes lines', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const listeners = process.listenerCount('warning');
  const lines: string[] = [];
  const captured = captureOutput((line) => lines.push(line));
  console.log('from the %s', 'console');
  console.error('an\nerror');
  process.stderr.write('half a ');
  process.stderr.write(Buffer.from('line\n'));
  await new Promise<void>((resolve) => void process.stderr.write('', () => resolve()));
  const warned = once(process, 'warning');
  process.emitWarning('take care');
  await warned;
  process.stderr.write(`${'x'.repeat(10_000)}\n`);
  captured[Symbol.dispose]();
  expect(lines.slice(0, 5)).toEqual(['from the console', 'an', 'error', 'half a line', 'Warning: take care']);
  expect(lines[5]?.length).toBe(500);
  expect(written).not.toHaveBeenCalled();
  process.stderr.write('afterwards');
  expect(written).toHaveBeenCalledWith('afterwards');
  expect(process.listenerCount('warning')).toBe(listeners);
});
