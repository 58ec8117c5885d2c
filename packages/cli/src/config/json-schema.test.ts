import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configJsonSchema } from './json-schema.ts';
import { parseConfig } from './load.ts';

// `npm run docs` runs this test with --update, which writes the file.
test('deploy/config.schema.json says what configuration files are checked by', async () => {
  await expect(configJsonSchema()).toMatchFileSnapshot('../../../../deploy/config.schema.json');
});

test('the example of a configuration file is valid, and so is each of its lines that is commented out', () => {
  const example = readFileSync(new URL('../../../../deploy/config.example.toml', import.meta.url), 'utf8');
  const whole = example.replace(/^# ?(?=[\w-]+ =|\[)/gm, '');
  for (const text of [example, whole])
    expect(parseConfig(text, 'config.example.toml').batteries).toBeDefined();
  expect(whole).not.toBe(example);
});
