import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RecordingReader } from '@ubmsc/recording';
import { UsageError } from '@ubmsc/base';

/** The recordings that come with the program; building puts them beside it. */
const folder = new URL('fixtures/', import.meta.url);

const EXTENSION = '.jsonl';

/** Whether a recording of this name comes with the program. */
export function isFixture(name: string): boolean {
  return /^[\w.-]+$/.test(name) && existsSync(fileOf(name));
}

/** The file of the recording of this name. Throws a UsageError when there is none. */
export function fixtureFile(name: string): string {
  if (isFixture(name)) return fileOf(name);
  throw new UsageError(
    `no recording is called ${JSON.stringify(name)}`,
    'ubmsc replay --list names those that there are',
  );
}

/** Name of each recording that comes with the program, with what it shows. */
export function* fixtures(): Generator<readonly [name: string, note: string]> {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(EXTENSION))) {
    const reader = new RecordingReader();
    const [line = ''] = readFileSync(new URL(file, folder), 'utf8').split('\n', 1);
    reader.push(`${line}\n`);
    yield [file.slice(0, -EXTENSION.length), reader.header?.note ?? ''];
  }
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(`${name}${EXTENSION}`, folder));
}
