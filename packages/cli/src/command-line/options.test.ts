import { adapterExamples } from '@ubmsc/client';
import { expect, test } from 'vitest';
import { settings } from './options.ts';

test('the help names every way to write an adapter', () => {
  expect(settings.find(({ name }) => name === 'adapter')?.help).toBe(adapterExamples());
});
