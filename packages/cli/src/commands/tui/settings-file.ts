import { UsageError } from '@ubmsc/base';
import type { TuiOptions } from '@ubmsc/tui';
import { settingsEntries } from '../../records/settings-entries.ts';

/**
 * What a file of `ubmsc settings` says of batteries: of the one with the same address or name, or of any one
 * where the file has a single one. Rejects with a UsageError when it cannot be read.
 */
export async function settingsInFile(
  file: string | undefined,
  signal: AbortSignal,
): Promise<TuiOptions['settingsFile']> {
  if (file === undefined) return undefined;
  if (file === '-')
    throw new UsageError('keys come from standard input, so no settings can', 'give the path of a file');
  const { findDevice, readSettings } = await import('../settings/earlier-settings.ts');
  const document = await readSettings(file, signal);
  const [only] = document.length === 1 ? document : [];
  return {
    name: file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1),
    settingsOf: ({ device, name, address, settings }) => {
      const earlier = findDevice(document, { device, name, address }) ?? only;
      return earlier?.valuesLike(settings ? settingsEntries({ ...settings, time: 0 }, { raw: true }) : []);
    },
  };
}
