/** What fingers and the wheel do on a graph, in parts of its width: 0 is its left edge, 1 its right one. */
export interface Gestures {
  /** Makes the time `factor` times as long; what is at `at` stays there. */
  readonly onZoom: (at: number, factor: number) => void;
  /** Moves by a part of the width, to later times when it is positive. */
  readonly onPan: (part: number) => void;
}

/**
 * Follows fingers on an element until the signal aborts: one moves the graph sideways, two zoom. Scrolling the page up
 * and down stays with the browser (`touch-action: pan-y`). A mouse selects a time, which is not seen to here.
 */
export function followGestures(element: HTMLElement, { onZoom, onPan }: Gestures, signal: AbortSignal): void {
  const fingers = new Map<number, number>();
  const partOf = ({ clientX }: PointerEvent | WheelEvent): number => {
    const { left, width } = element.getBoundingClientRect();
    return (clientX - left) / Math.max(1, width);
  };
  type Name = 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel';
  const listen = (name: Name, listener: (event: PointerEvent) => void): void => {
    element.addEventListener(name, (event) => event.pointerType !== 'mouse' && listener(event), { signal });
  };
  listen('pointerdown', (event) => {
    element.setPointerCapture(event.pointerId);
    if (fingers.size < 2) fingers.set(event.pointerId, partOf(event));
  });
  listen('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const after = partOf(event);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, after);
    if (other === undefined) onPan(before - after);
    else onZoom(other, Math.abs(before - other) / Math.max(0.02, Math.abs(after - other)));
  });
  for (const name of ['pointerup', 'pointercancel'] as const)
    listen(name, ({ pointerId }) => fingers.delete(pointerId));
  // Two fingers on a touchpad are a wheel with Ctrl.
  element.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      onZoom(partOf(event), Math.exp(Math.min(Math.max(event.deltaY, -60), 60) / 60));
    },
    { signal, passive: false },
  );
}
