import { existsSync } from 'node:fs';
import { exitCodes } from '../../exit-codes.ts';
import { serviceConfigFile, stateFolderOfService } from '../../installation/places.ts';
import { assertSystemd, unitProperties } from '../../installation/system.ts';
import { unitName } from '../../installation/unit.ts';
import { print } from '../../output.ts';

/** Shows what systemd knows of the service, and where its files are. */
export async function serviceStatus(signal: AbortSignal): Promise<number> {
  assertSystemd();
  const properties = await unitProperties(unitName, signal);
  const value = (name: string): string => properties.get(name) || '-';
  const isRunning = value('ActiveState') === 'active';
  const rows: readonly (readonly [string, string])[] = [
    [
      'Service',
      value('LoadState') === 'loaded' ? `${value('ActiveState')} (${value('SubState')})` : 'not installed',
    ],
    ['At start', value('UnitFileState')],
    ['Batteries', value('StatusText')],
    ['Process', value('MainPID') === '0' ? '-' : value('MainPID')],
    ['Unit', value('FragmentPath')],
    [
      'Settings',
      existsSync(serviceConfigFile) ? serviceConfigFile : `${serviceConfigFile} (not there: defaults)`,
    ],
    ['State', stateFolderOfService],
    ['Log', 'journalctl -u ubmsc'],
  ];
  await print(rows.map(([title, text]) => `${title.padEnd(11)}${text}\n`).join(''));
  return isRunning ? exitCodes.ok : exitCodes.adapter;
}
