import { existsSync } from 'node:fs';

/** The unit of the machine's owner; it wins over that of a package. */
export const unitFile = '/etc/systemd/system/ubmsc.service';

/** A unit that was replaced. */
export const oldUnitFile = `${unitFile}.old`;

/** What `systemctl edit` changes of the unit. */
export const unitChangesFolder = `${unitFile}.d`;

export const stateFolderOfService = '/var/lib/ubmsc';

/** The unit that a package has brought. */
export function packagedUnit(): string | undefined {
  return ['/usr/lib/systemd/system/ubmsc.service', '/lib/systemd/system/ubmsc.service'].find((file) =>
    existsSync(file),
  );
}
