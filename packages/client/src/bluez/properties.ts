import { Variant } from '@jellybrick/dbus-next';

/** Properties of an object, by name. What they hold is what the other side has sent: read it with the functions below. */
export type Properties = Readonly<Record<string, unknown>>;

/** The dictionary in what was received; an empty one where it is not a dictionary. Variants are unwrapped. */
export function toProperties(value: unknown): Properties {
  const dictionary = value instanceof Variant ? value.value : value;
  if (typeof dictionary !== 'object' || dictionary === null) return {};
  return Object.fromEntries(
    Object.entries(dictionary).map(([name, each]) => [name, each instanceof Variant ? each.value : each]),
  );
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

export function bytesOf(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}
