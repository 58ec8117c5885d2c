import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const libraries = ['yaml', 'smol-toml', '@ubmsc/exporter'];
const imported: string[] = [];

// Other tests may have imported them before.
beforeEach(() => {
  vi.resetModules();
  for (const library of libraries) {
    vi.doMock(library, async (original) => {
      imported.push(library);
      return { ...(await original()) };
    });
  }
});
afterEach(() => {
  for (const library of libraries) vi.doUnmock(library);
  vi.resetModules();
});

test('no library is imported before the format that needs it prints', async () => {
  const { formats } = await import('./index.ts');
  const options = { groups: ['cellData'] } as const;
  for (const format of ['text', 'rust', 'rust-pretty', 'json', 'json-pretty'] as const) {
    await formats[format].render({ devices: [] }, options);
  }
  expect(imported).toEqual([]);
  await formats.toml.render({ devices: [] }, options);
  expect(imported).toEqual(['smol-toml']);
  await formats.metrics.render({ devices: [] }, options);
  await formats.yaml.render({ devices: [] }, options);
  expect(imported).toEqual(['smol-toml', '@ubmsc/exporter', 'yaml']);
});
