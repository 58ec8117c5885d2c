import { expect, test } from 'vitest';
import { openAdapter } from './open-adapter.ts';

test('nothing is loaded for who does not want it any more', async () => {
  let simulations = 0;
  const opening = openAdapter('sim', {
    signal: AbortSignal.abort(new Error('ended')),
    simulate: async () => {
      simulations++;
      throw new Error('not simulated');
    },
  });
  await expect(opening).rejects.toThrow('ended');
  expect(simulations).toBe(0);
});
