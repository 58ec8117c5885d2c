import { readFileSync } from 'node:fs';
import { readingWith, statusWith } from '@ubmsc/testing';
import { expect, test } from 'vitest';
import { stateOf } from './state/values.ts';

const docs = readFileSync(new URL('../../../docs/home-assistant.md', import.meta.url), 'utf8');

test('every value that the snippets of docs/home-assistant.md read is one of a state', () => {
  const keys = new Set(Object.keys(stateOf(statusWith({}), readingWith({}))));
  const paths = [...docs.matchAll(/(?:jq: \.|JSONPATH:\$\.|\bstate\.|"payload\.)([a-z]\w*)/g)].map(
    ([, key = '']) => key,
  );
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !keys.has(path))).toEqual([]);
});

test('the flow for Node-RED is JSON whose nodes are wired to each other', () => {
  const [, text = ''] = /```json\n([\s\S]*?)```/.exec(docs) ?? [];
  const nodes: readonly { readonly id: string; readonly wires: readonly (readonly string[])[] }[] =
    JSON.parse(text);
  const ids = nodes.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(nodes.flatMap(({ wires }) => wires.flat())));
});
