import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What turns a radio off: the machine itself (`hard`), or a command such as `rfkill block` (`soft`). */
export type RadioBlock = 'hard' | 'soft';

export interface RadioSwitchOptions {
  /** Number of the controller, as in `hci0`: switches of others do not count. All count when left out. */
  readonly device?: number | undefined;
  /** Where the system's files are; `/` when left out. */
  readonly root?: string | undefined;
}

/** The switches of the system (https://docs.kernel.org/driver-api/rfkill.html): how many, and what blocks Bluetooth. */
export function radioSwitches({ device, root = '/' }: RadioSwitchOptions = {}): {
  readonly count: number;
  readonly block: RadioBlock | undefined;
} {
  const folder = join(root, 'sys/class/rfkill');
  const names = listed(folder);
  const contentOf = (name: string, file: string): string => content(join(folder, name, file));
  const ours = names.filter((name) => {
    const controller = /^hci(\d+)$/.exec(contentOf(name, 'name'))?.[1];
    const isOther = controller !== undefined && device !== undefined && Number(controller) !== device;
    return contentOf(name, 'type') === 'bluetooth' && !isOther;
  });
  const block = (['hard', 'soft'] as const).find((how) => ours.some((name) => contentOf(name, how) === '1'));
  return { count: names.length, block };
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function content(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
