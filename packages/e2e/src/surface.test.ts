import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { optionsOf, type Surface } from '../surface/cases.ts';
import { script } from './command.ts';

/** What version 0.1.0 shows. */
const recorded: Surface = JSON.parse(
  readFileSync(new URL('../surface/surface.json', import.meta.url), 'utf8'),
);

test('scripts that were written for version 0.1.0 find every option of the command', async () => {
  expect(await optionsOf(script)).toEqual(expect.arrayContaining([...(recorded.options[''] ?? [])]));
});
