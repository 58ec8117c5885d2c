import { AdapterError } from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import { listFaults, listLoads } from '@ubmsc/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { simulate, type SimulateCommandOptions } from './run.ts';

const usual: SimulateCommandOptions = {
  adapter: undefined,
  capture: { snoop: undefined, showSecrets: undefined },
  batteries: 1,
  speed: 1,
  model: 'JK_BD4A8S4P',
  seed: 1,
  fault: [],
  replay: [],
};

const { signal } = new AbortController();

afterEach(() => vi.restoreAllMocks());

test.each([
  [{ listFaults: true }, listFaults()],
  [{ listLoads: true }, listLoads()],
] as const)('%j prints the table and needs no place', async (list, table) => {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text, ...others: unknown[]) => {
    printed += String(text);
    for (const done of others) if (typeof done === 'function') done();
    return true;
  });
  expect(await simulate({ ...usual, ...list }, signal)).toBe(0);
  expect(printed).toBe(table);
});

test.each([
  [{ listen: 'tcp:127.0.0.1:0' }, 'fog', UsageError],
  [{ listen: 'tcp:127.0.0.1:0' }, 'freeze=soon', UsageError],
  [{ adapter: 'hci0' }, 'fog', UsageError],
  [{ adapter: 'hci0' }, 'connect-hang', UsageError],
  [{ listen: 'unix:/nowhere/ether.sock' }, 'freeze', AdapterError],
])('%j with --fault %s is refused before anything is simulated', async (place, fault, error) => {
  await expect(simulate({ ...usual, ...place, fault: [fault] }, signal)).rejects.toBeInstanceOf(error);
});

test('a load that nobody knows is refused before anything is simulated', async () => {
  const place = { listen: 'tcp:127.0.0.1:0' };
  await expect(simulate({ ...usual, ...place, load: 'storm' }, signal)).rejects.toThrow(
    'no load is called "storm"',
  );
});
