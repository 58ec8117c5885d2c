import { formats, originOf, type DeviceResult, type Entry, type Format } from '../../formats/index.ts';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { complain, print } from '../../output.ts';
import { settingsEntries, settingsLines } from '../../records/settings-entries.ts';
import { askEach } from '../../batteries/ask-each.ts';
import { documentFormat } from '../../formats/document-format.ts';
import type { EarlierDevice } from './earlier-forms.ts';
import { findDevice, notTheirs, readSettings } from './earlier-settings.ts';
import { changeEntries, changesOf, withoutLacking } from './settings-changes.ts';

export interface SettingsCommandOptions extends BatteriesOptions {
  /** File with earlier settings: print only what differs from them. */
  readonly diff?: string | undefined;
  /** Show what the record has room for, also where the device says that it lacks it. */
  readonly raw?: boolean | undefined;
}

/** The exit code when settings differ, as that of diff(1). */
const DIFFERENT = 1;

/** What one device said. */
interface Answer {
  readonly device: DeviceResult;
  readonly entries: readonly Entry[];
  /** The same with what the device lacks. */
  readonly all: readonly Entry[];
}

/**
 * Prints the settings of the devices asked for, or of all that are found: all of them, or with `diff` those that
 * differ. Returns the exit code: that of the first failure, or with `diff` 1 when settings differ.
 * @throws {UsageError} the file of `diff` has settings of other batteries only.
 */
export async function settings(options: SettingsCommandOptions, signal: AbortSignal): Promise<number> {
  const format = documentFormat('settings', options.format);
  const earlier = options.diff === undefined ? undefined : await readSettings(options.diff, signal);
  const { answers, exitCode } = await askEach(options, signal, async (battery, device): Promise<Answer> => {
    const received = await battery.settingsFrame(signal);
    const all = settingsEntries(received, { raw: true });
    return { device, entries: options.raw ? all : settingsEntries(received, {}), all };
  });
  if (answers.length === 0) return exitCode;
  if (!earlier) {
    await printSettings(answers, format);
    return exitCode;
  }
  const differs = await printChanges(answers, earlier, format);
  return exitCode || (differs ? DIFFERENT : exitCodes.ok);
}

async function printSettings(answers: readonly Answer[], format: Format): Promise<void> {
  const devices = answers.map(({ device, entries }) =>
    withSettings(device, format === formats.text ? settingsLines(entries) : entries),
  );
  await print(await format.render({ devices }, { groups: ['settings'] }));
}

async function printChanges(
  answers: readonly Answer[],
  earlier: readonly EarlierDevice[],
  format: Format,
): Promise<boolean> {
  if (!answers.some(({ device }) => findDevice(earlier, device)))
    throw notTheirs(answers.map(({ device }) => device.name ?? device.device));
  const compared = answers.flatMap(({ device, entries, all }) => {
    const found = findDevice(earlier, device);
    if (!found) {
      complain(`${device.name ?? device.device} is not among the earlier settings, so it is not compared`);
      return [];
    }
    const before = withoutLacking(found.valuesLike(all), entries, all);
    const after = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
    return [{ device, entries, changes: changesOf(before, after) }];
  });
  if (format.printDocument) {
    const changes = compared.flatMap((each) =>
      each.changes.map((change) => ({ ...originOf(each.device), ...change })),
    );
    await print(await format.printDocument({ changes }));
    return changes.length > 0;
  }
  const devices = compared
    .filter(({ changes }) => changes.length > 0)
    .map(({ device, entries, changes }) => withSettings(device, changeEntries(changes, entries)));
  if (devices.length > 0) await print(await format.render({ devices }, { groups: ['settings'] }));
  else if (compared.length > 0) complain('no differences');
  return devices.length > 0;
}

function withSettings(device: DeviceResult, entries: readonly Entry[]): DeviceResult {
  return { ...device, records: { settings: entries } };
}
