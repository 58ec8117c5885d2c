import { signs } from './signs.ts';

/** A bar of `width` columns that is filled to `part` (0 to 1), as fill and track. Something above 0 is never empty. */
export function bar(part: number, width: number): { readonly fill: string; readonly track: string } {
  const { bar: eighths, track } = signs;
  const steps = eighths.length;
  const wanted = Math.min(1, Math.max(0, part)) * width * steps;
  const units = part > 0 ? Math.max(1, Math.round(wanted)) : 0;
  const whole = Math.floor(units / steps);
  const fill = (eighths[steps - 1] ?? '').repeat(whole) + (eighths[(units % steps) - 1] ?? '');
  return { fill, track: track.repeat(Math.max(0, width - whole - (units % steps > 0 ? 1 : 0))) };
}
