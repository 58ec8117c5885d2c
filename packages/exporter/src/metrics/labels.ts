import { sanitize } from '@ubmsc/base';

/** The longest value of a label, in characters. What is longer is cut: names on the air are anybody's. */
const LONGEST = 64;

/** Text of a device or a user as the value of a label. */
export function labelValue(text: string): string {
  const safe = sanitize(text);
  return safe.length <= LONGEST ? safe : Array.from(safe).slice(0, LONGEST).join('');
}

/** The values of the label `device` for names that differ. Names that become the same are numbered. */
export function deviceLabels(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const value = labelValue(name);
    let unique = value;
    for (let count = 2; taken.has(unique); count++) unique = `${value} ${count}`;
    taken.add(unique);
    return unique;
  });
}
