import { expect, test, vi } from 'vitest';
import { formats } from './index.ts';

const imported = vi.hoisted((): string[] => []);

vi.mock('yaml', async (original) => {
  imported.push('yaml');
  return { ...(await original()) };
});
vi.mock('smol-toml', async (original) => {
  imported.push('smol-toml');
  return { ...(await original()) };
});
vi.mock('@ubmsc/exporter', async (original) => {
  imported.push('@ubmsc/exporter');
  return { ...(await original()) };
});

test('no library is imported before the format that needs it prints', async () => {
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
