import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Collector, type Collected, type CollectorOptions } from './collector.ts';

const PAGE = '# HELP a_b A\n# TYPE a_b gauge\na_b 1\n\n# TYPE a_c gauge\na_c{x="y z"} 2\nb 3\n';

function collector(options: Partial<CollectorOptions> = {}): Collector {
  return new Collector({ page: () => Buffer.from(PAGE), keepsComments: false, marksEnd: false, ...options });
}

const textOf = (collected: Collected | undefined): string =>
  collected ? gunzipSync(collected.body).toString() : '';

test('samples of a page are collected without comments', async () => {
  const collected = await collector().collect();
  expect([collected.samples, textOf(collected)]).toEqual([3, 'a_b 1\na_c{x="y z"} 2\nb 3\n']);
});

test.each([
  [{ allow: ['a_*'] }, ['a_b 1', 'a_c{x="y z"} 2']],
  [{ deny: ['a_*'] }, ['b 3']],
  [{ allow: ['a_*'], deny: ['*_b'] }, ['a_c{x="y z"} 2']],
  [{ allow: ['a'] }, ['']],
  [{ allow: ['a.b'] }, ['']],
])('with %j only some are', async (options, lines) => {
  expect(
    textOf(await collector(options).collect())
      .trimEnd()
      .split('\n'),
  ).toEqual(lines);
});

test('labels are added', async () => {
  const labels = { site: 'a"b' };
  expect(textOf(await collector({ labels }).collect())).toBe(
    String.raw`a_b{site="a\"b"} 1|a_c{x="y z",site="a\"b"} 2|b{site="a\"b"} 3|`.replaceAll('|', '\n'),
  );
});

test('a series that is no longer on the page has ended, once, and at the end all have', async () => {
  const pages = ['a 1\nb 2\n', 'b 3\n', 'b 4\n'];
  const ending = collector({ marksEnd: true, page: () => Buffer.from(pages.shift() ?? '') });
  await ending.collect();
  expect(textOf(await ending.collect())).toBe('b 3\na stale\n');
  expect(textOf(await ending.collect())).toBe('b 4\n');
  expect(textOf(await ending.end())).toBe('b stale\n');
  expect(await collector().end()).toBeUndefined();
});
