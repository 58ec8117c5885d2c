import { promisify } from 'node:util';
import { gzip, gunzip } from 'node:zlib';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Samples as they are pushed. */
export interface Samples {
  /** In the text format. */
  readonly text: string;
  readonly count: number;
}

/** The samples of a page, each with its time in milliseconds since 1970-01-01 UTC where `time` is given. */
export function samplesOf(page: string, time?: number): Samples {
  const lines = page.split('\n').filter((line) => line !== '');
  const samples = lines.filter((line) => !line.startsWith('#'));
  // What has times is imported as it is, where help and type mean nothing.
  const written = time === undefined ? lines : samples.map((line) => `${line} ${time}`);
  return { text: `${written.join('\n')}\n`, count: samples.length };
}

/** The text, compressed. Several of these one behind the other are the compressed texts one behind the other. */
export async function compressed(text: string): Promise<Buffer> {
  return await compress(text);
}

/** The texts behind {@link compressed}. */
export async function decompressed(bytes: Buffer): Promise<Buffer> {
  return await decompress(bytes);
}
