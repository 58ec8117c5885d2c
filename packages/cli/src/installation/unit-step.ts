import { readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile, syncFolder } from '@ubmsc/base';
import { packagedUnit, unitFile } from './places.ts';
import type { InstalledProgram } from './program.ts';
import type { Step } from './steps.ts';
import { unitText } from './unit.ts';

/**
 * What makes the unit that of this program. The package for Debian has one, which counts when none stands at `file`. A unit that
 * is there and differs is kept beside.
 */
export async function unitStep(
  { command, kind }: InstalledProgram,
  file: string = unitFile,
  packaged: string | undefined = packagedUnit(),
): Promise<readonly Step[]> {
  const text = kind === 'deb' && packaged !== undefined ? undefined : unitText(command);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === text) return [];
  const old = `${file}.old`;
  if (text === undefined) {
    return [
      {
        title: `Move ${file} away, so that the unit of the package counts`,
        detail: `mv ${file} ${old}`,
        run: async () => {
          await rename(file, old);
          await syncFolder(dirname(file));
        },
      },
    ];
  }
  return [
    {
      title: `Write ${file}: how systemd runs it, with few rights`,
      detail: `ExecStart=${command.join(' ')} export\nubmsc generate unit prints all of it${before === undefined ? '' : `; the one that is there becomes ${old}`}`,
      run: async () => {
        if (before !== undefined) await rename(file, old);
        await replaceFile(file, text, { mode: 0o644 });
      },
    },
  ];
}
