import { UsageError } from '@ubmsc/base';
import type { DeviceResult, Value } from '../../formats/index.ts';
import { readInput } from '../../read-input.ts';

/** What `ubmsc settings` said of one device: values by their names. */
export type SettingsDocument = Readonly<Record<string, Value>>;

/** Largest document that is read, in bytes: some ten thousand devices. */
const LARGEST = 20_000_000;

/**
 * The devices of a JSON, YAML or TOML document that `ubmsc settings` has printed: of a file, or of standard input for `-`. Rejects
 * with a UsageError when there is no such document.
 */
export async function readSettings(file: string, signal: AbortSignal): Promise<SettingsDocument[]> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of readInput(file, signal)) {
    size += chunk.length;
    if (size > LARGEST) throw notSettings(file);
    chunks.push(chunk);
  }
  const devices = settingsOf(await parsed(new TextDecoder().decode(Buffer.concat(chunks))));
  if (devices === undefined) throw notSettings(file);
  return devices;
}

/**
 * What a document says of a device: the last that has its address, or where either has none, its name. Undefined
 * when the device is not in it.
 */
export function findDevice(
  document: readonly SettingsDocument[],
  { device, name, address }: Pick<DeviceResult, 'device' | 'name' | 'address'>,
): SettingsDocument | undefined {
  return document.findLast((each) =>
    each['address'] === undefined || address === undefined
      ? each['device'] === device || each['device'] === name
      : each['address'] === address,
  );
}

function notSettings(file: string): UsageError {
  const name = file === '-' ? 'standard input' : JSON.stringify(file);
  return new UsageError(
    `${name} has no settings`,
    'give what ubmsc settings -f json, yaml or toml has printed',
  );
}

/** What the text of a document says, in any of the formats that programs read; undefined when it is in another one. */
async function parsed(text: string): Promise<unknown> {
  const [{ parse: parseToml }, { parse: parseYaml }] = await Promise.all([
    import('smol-toml'),
    import('yaml'),
  ]);
  const parsers: readonly ((text: string) => unknown)[] = [
    (all) => JSON.parse(all),
    (all) => parseToml(all),
    (all) => parseYaml(all),
  ];
  for (const parse of parsers) {
    try {
      return parse(text);
    } catch {
      // It is in another format, or in none.
    }
  }
  return undefined;
}

function settingsOf(document: unknown): SettingsDocument[] | undefined {
  if (!isRecord(document)) return undefined;
  const { settings } = document;
  return Array.isArray(settings) && settings.every(isSettings) ? settings : undefined;
}

function isSettings(device: unknown): device is SettingsDocument {
  return isRecord(device) && Object.values(device).every((value) => isScalar(value) || isPlainList(value));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** Lists hold numbers and names. */
function isPlainList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((item) => (typeof item === 'string' ? /^\w+$/.test(item) : isScalar(item)))
  );
}
