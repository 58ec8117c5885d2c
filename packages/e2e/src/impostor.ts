import { expect } from 'vitest';
import { simulator, ubmsc } from './command.ts';

/** Reads a device that speaks like another kind, and is refused. */
export async function expectRefused(kind: string): Promise<void> {
  await using impostor = await simulator('--fault', `impostor=${kind}`);
  const { code, stdout, stderr } = await ubmsc(
    '--adapter',
    impostor.adapter,
    '-d',
    'UPS_BMS',
    '-c',
    '-r',
    '3',
  );
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect([code, stdout]).toEqual([6, '']);
}
