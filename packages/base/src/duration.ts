/** The units of a duration, from the largest, in seconds. */
const units = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
] as const;

/** What a user may write after the number, in seconds. */
const suffixes: ReadonlyMap<string, number> = new Map([
  ...units.map(({ name, seconds }) => [name, seconds] as const),
  ['ms', 0.001],
  ['m', 60],
  ['w', 604_800],
]);

/**
 * `500ms`, `30s`, `10m` or `10min`, `2h`, `1d`, `1w`, in seconds; a number without a unit is of `bare` seconds, where
 * that is given. Undefined for other texts.
 */
export function parseDuration(text: string, bare?: number): number | undefined {
  const [, count, suffix] = /^(\d+(?:\.\d+)?) ?([a-z]+)?$/.exec(text.trim()) ?? [];
  const seconds = suffix === undefined ? bare : suffixes.get(suffix);
  return count === undefined || seconds === undefined ? undefined : Number(count) * seconds;
}

/**
 * `19 d 18 h 45 min`: a time in seconds in its largest unit and those after it, as many as `most`. Parts that are 0
 * are left out; what is smaller than the last unit is cut off.
 */
export function formatDuration(seconds: number, most: number = units.length): string {
  if (!Number.isFinite(seconds)) return '?';
  let rest = Math.abs(seconds);
  const first = units.findIndex((unit) => rest >= unit.seconds);
  const parts = units.slice(first < 0 ? -1 : first).slice(0, most);
  const words = parts.flatMap(({ name, seconds: size }) => {
    const count = size === 1 ? rest : Math.floor(rest / size);
    rest %= size;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return words.length === 0 ? '0 s' : `${seconds < 0 ? '-' : ''}${words.join(' ')}`;
}
