import { processEnd } from '@ubmsc/base';
import { expect, test } from 'vitest';
import { interruptSignal } from './interrupt.ts';

test('while a command ends because it was asked to, the process is known to end', () => {
  {
    using interrupt = interruptSignal();
    expect(processEnd.isNear).toBe(false);
    process.emit('SIGTERM', 'SIGTERM');
    expect(interrupt.signal.reason).toMatchObject({ exitCode: 143 });
    expect(processEnd.isNear).toBe(true);
  }
  expect(processEnd.isNear).toBe(false);
});
