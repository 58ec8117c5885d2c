import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { surfaceOf, type Surface } from '../surface/cases.ts';
import { script } from './command.ts';

/** What version 0.1.0 shows. It changes only where a changelog says why. */
const recorded: Surface = JSON.parse(
  readFileSync(new URL('../surface/surface.json', import.meta.url), 'utf8'),
);

let now: Surface;

beforeAll(async () => {
  now = await surfaceOf(script);
});

describe('scripts that were written for version 0.1.0', () => {
  test.each(Object.keys(recorded.options))('find every option of "%s"', (command) => {
    expect(now.options[command]).toEqual(expect.arrayContaining([...(recorded.options[command] ?? [])]));
  });

  test.each(Object.keys(recorded.outcomes))('read the same of: %s', (title) => {
    expect(now.outcomes[title]).toEqual(recorded.outcomes[title]);
  });
});
