import { existsSync } from 'node:fs';

/** The unit of the machine's owner; it wins over that of a package. */
export const unitFile = '/etc/systemd/system/ubmsc.service';

/** A unit that was replaced. */
export const oldUnitFile = `${unitFile}.old`;

/** What `systemctl edit` changes of the unit. */
export const unitChangesFolder = `${unitFile}.d`;

/** The configuration of the machine; a service reads it, and a user who has none. */
export const serviceConfigFile = '/etc/ubmsc/config.toml';

/** Energy totals and history of the service. */
export const stateFolderOfService = '/var/lib/ubmsc';

/** The unit that a package has brought. */
export function packagedUnit(): string | undefined {
  return ['/usr/lib/systemd/system/ubmsc.service', '/lib/systemd/system/ubmsc.service'].find((file) =>
    existsSync(file),
  );
}
