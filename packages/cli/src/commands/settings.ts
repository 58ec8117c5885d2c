import { formats, originOf, type DeviceResult, type Entry, type Format } from '../formats/index.ts';
import type { BatteriesOptions } from '../command-line/context.ts';
import { complain, print } from '../output.ts';
import { ownSettings, settingsEntries } from '../records/settings-entries.ts';
import { askEach } from './ask-each.ts';
import { documentFormat } from './document-format.ts';
import { findDevice, readSettings, type SettingsDocument } from './earlier-settings.ts';
import { changeEntries, changesOf } from './settings-changes.ts';

export interface SettingsCommandOptions extends BatteriesOptions {
  /** File with earlier settings: print only what differs from them. */
  readonly diff?: string | undefined;
}

/** What one device said. */
interface Answer {
  readonly device: DeviceResult;
  /** Everything, as documents have it. */
  readonly entries: readonly Entry[];
  /** What people see. */
  readonly own: readonly Entry[];
}

/**
 * Prints the settings of the devices asked for, or of all that are found: all of them, or with `diff` those that
 * differ. Returns the exit code: that of the first failure, whether or not settings differ.
 */
export async function settings(options: SettingsCommandOptions, signal: AbortSignal): Promise<number> {
  const format = documentFormat('settings', options.format);
  const earlier = options.diff === undefined ? undefined : await readSettings(options.diff, signal);
  const { answers, exitCode } = await askEach(options, signal, async (battery, device): Promise<Answer> => {
    const received = await battery.settingsFrame(signal);
    return { device, entries: settingsEntries(received), own: ownSettings(received) };
  });
  if (answers.length === 0) return exitCode;
  if (earlier) await printChanges(answers, earlier, format);
  else await printSettings(answers, format);
  return exitCode;
}

async function printSettings(answers: readonly Answer[], format: Format): Promise<void> {
  const devices = answers.map(({ device, entries, own }) =>
    withSettings(device, format === formats.text ? own : entries),
  );
  await print(await format.render({ devices }, { groups: ['settings'] }));
}

async function printChanges(
  answers: readonly Answer[],
  earlier: readonly SettingsDocument[],
  format: Format,
): Promise<void> {
  const compared = answers.flatMap(({ device, entries }) => {
    const before = findDevice(earlier, device);
    if (!before) {
      complain(`${device.name ?? device.device} is not among the earlier settings, so it is not compared`);
      return [];
    }
    const after = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
    return [{ device, entries, changes: changesOf(before, after) }];
  });
  if (format.printDocument) {
    const changes = compared.flatMap((each) =>
      each.changes.map((change) => ({ ...originOf(each.device), ...change })),
    );
    await print(await format.printDocument({ changes }));
    return;
  }
  const devices = compared
    .filter(({ changes }) => changes.length > 0)
    .map(({ device, entries, changes }) => withSettings(device, changeEntries(changes, entries)));
  if (devices.length > 0) await print(await format.render({ devices }, { groups: ['settings'] }));
  else if (compared.length > 0) complain('no differences');
}

function withSettings(device: DeviceResult, entries: readonly Entry[]): DeviceResult {
  return { ...device, records: { settings: entries } };
}
