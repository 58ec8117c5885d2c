import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { Document } from './document.ts';
import { formats } from './index.ts';

/** Documents of groups that are not measurements. */
const documents: readonly (readonly [string, Document])[] = [
  ['without rows', { changes: [] }],
  [
    'of events',
    { events: [{ device: 'A', time: '2025-03-04T05:06:07Z', run_time: 5, code: 1, text: 'boot' }] },
  ],
  [
    'of changes',
    {
      changes: [
        { device: 'A', setting: 'cell_ovp', before: 3.6, after: 3.65 },
        { device: 'A', setting: 'charge_switch', before: true, after: false },
        { device: 'A', setting: 'controls', before: [], after: ['heating', 'smart_sleep'] },
        { device: 'A', setting: 'connection_wire_resistances', before: [0, 0.1], after: [0, 0] },
      ],
    },
  ],
];

const parsers: Readonly<Record<string, (page: string) => unknown>> = {
  json: JSON.parse,
  'json-pretty': JSON.parse,
  yaml: parseYaml,
  toml: parseToml,
  'toml-pretty': parseToml,
};

describe.each(Object.entries(parsers))('the format %s', (name, parse) => {
  const { printDocument } = Object.entries(formats).find(([each]) => each === name)?.[1] ?? {};

  test.each(documents)('prints a document %s so that it parses back', async (_, document) => {
    expect(parse((await printDocument?.(document)) ?? '')).toEqual(document);
  });

  test('prints a value that is not known', async () => {
    const page = (await printDocument?.({ events: [{ time: null, code: 1 }] })) ?? '';
    const known = name.startsWith('toml') ? { code: 1 } : { time: null, code: 1 };
    expect(parse(page)).toEqual({ events: [known] });
  });
});

test('text, Rust and metrics print no documents', () => {
  const without = Object.entries(formats).filter(([, { printDocument }]) => printDocument === undefined);
  expect(without.map(([name]) => name)).toEqual(['text', 'rust', 'rust-pretty', 'metrics']);
});
