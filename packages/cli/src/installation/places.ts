import { existsSync } from 'node:fs';

/** The unit of the machine's owner; it wins over that of a package. */
export const unitFile = '/etc/systemd/system/ubmsc.service';

/** Where the link stands that has systemd start it with the machine. */
export const wantsFolder = '/etc/systemd/system/multi-user.target.wants';

export const stateFolderOfService = '/var/lib/ubmsc';

/** The unit that a package has brought. */
export function packagedUnit(): string | undefined {
  return ['/usr/lib/systemd/system/ubmsc.service', '/lib/systemd/system/ubmsc.service'].find((file) =>
    existsSync(file),
  );
}
