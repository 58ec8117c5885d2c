import { family, type Family } from '@ubmsc/exporter';

/** A metric whose series have these labels, too. */
export function labelled(
  { type, name, help, lines }: Family,
  labels: Readonly<Record<string, string>>,
): Family {
  const series = lines.flatMap((each) => [...each.series()]);
  return family(
    type,
    name,
    help,
    series.map(({ labels: own, value }) => [{ ...own, ...labels }, value]),
  );
}

/** Families of one name as one family: a name may stand on a page once. */
export function merged(families: readonly Family[]): readonly Family[] {
  const byName = new Map<string, Family>();
  for (const each of families) {
    const before = byName.get(each.name);
    byName.set(each.name, before ? { ...before, lines: [...before.lines, ...each.lines] } : each);
  }
  return [...byName.values()];
}
