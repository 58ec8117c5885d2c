import { join } from 'node:path';
import { blocksOf } from './block-file.ts';
import { batteryFolders, tierFiles } from './folder.ts';

/**
 * The last generation of the journal that is in the files of any battery; 0 when there is none. It reads all of them:
 * ask only when the journal itself is gone.
 */
export async function lastGeneration(folder: string): Promise<number> {
  let last = 0;
  for (const battery of await batteryFolders(folder)) {
    for (const { path } of await tierFiles(join(folder, battery))) {
      const { blocks } = await blocksOf(path);
      for (const { header } of blocks) last = Math.max(last, header.generations[1]);
    }
  }
  return last;
}
