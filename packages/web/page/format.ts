import type { Value } from './api.ts';

/** A value with its unit; a dash where there is none. */
export function shown(value: Value | undefined, unit = ''): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  const text = String(value).replace('-', '−');
  return unit === '' ? text : `${text} ${unit}`;
}

/** The number, where it is one. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** `alarm_name` for people. */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** An age in milliseconds as `8 s`, `5 min`, `3 h`, `2 d`. */
export function ageText(age: number): string {
  const seconds = Math.round(age / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
