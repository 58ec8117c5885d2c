import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { surfaceOf, type Surface } from '../surface/cases.ts';
import { script } from './command.ts';

const file = fileURLToPath(new URL('../surface/surface.json', import.meta.url));

/** What version 0.1.0 shows. It changes only where a changelog says why. */
const recorded: Surface = JSON.parse(readFileSync(file, 'utf8'));

let now: Surface;

beforeAll(async () => {
  now = await surfaceOf(script);
});

describe('scripts that were written for version 0.1.0', () => {
  test.each(Object.keys(recorded.options))('find every option of "%s"', (command) => {
    expect(now.options[command]).toEqual(expect.arrayContaining([...(recorded.options[command] ?? [])]));
  });

  test('read the same; where a changelog says why not, --update records it', async () => {
    const outcomes = Object.keys(recorded.outcomes).map((title) => [title, now.outcomes[title]]);
    const text = JSON.stringify({ ...recorded, outcomes: Object.fromEntries(outcomes) }, undefined, 1);
    await expect(`${text}\n`).toMatchFileSnapshot(file);
  });
});
