import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
  /** Changes with the content (RFC 9110, section 8.8.3). */
  readonly tag: string;
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  webmanifest: 'application/manifest+json',
};

/** The files of the page by their names. They are built with the package and kept in memory: a request opens no file. */
export async function readPageFiles(
  folder = new URL('../dist/page/', import.meta.url),
): Promise<ReadonlyMap<string, PageFile>> {
  const names = await readdir(folder);
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, PageFile]> => {
        const content = await readFile(new URL(name, folder));
        const tag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 20)}"`;
        return [
          name,
          { content, tag, type: types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream' },
        ];
      }),
    ),
  );
}
