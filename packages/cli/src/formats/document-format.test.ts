import { UsageError } from '@ubmsc/base';
import { expect, test } from 'vitest';
import { formats } from './index.ts';
import { documentFormat } from './document-format.ts';

test.each(['text', 'json', 'j', 'json-pretty', 'J', 'yaml', 'y', 'toml', 't', 'toml-pretty', 'T', 'csv'])(
  'format %s prints more than measurements',
  (name) => {
    expect(Object.values(formats)).toContain(documentFormat('events', name));
  },
);

test.each(['rust', 'r', 'rust-pretty', 'R', 'metrics', 'm'])(
  'format %s prints measurements only, and the error names those that print more',
  (name) => {
    expect(() => documentFormat('events', name)).toThrow(
      new UsageError(
        `events has no format ${name}`,
        'give one of text, json, json-pretty, yaml, toml, toml-pretty, csv',
      ),
    );
  },
);
