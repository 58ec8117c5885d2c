/** A current in A that follows from the time, so that a wrong value shows. */
export function valueAt(time: number): number {
  return ((time / 1000) % 7919) / 1000;
}
