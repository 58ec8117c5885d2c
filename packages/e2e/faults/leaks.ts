/** What a process holds that a run must give back. */
export interface Holdings {
  /** Listeners on the process, by event. */
  readonly listeners: Readonly<Record<string, number>>;
  /** What keeps the event loop going, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** What this process holds now. */
export function holdings(): Holdings {
  const listeners = process.eventNames().map((name) => [String(name), process.listenerCount(name)] as const);
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    // One that is due runs in the next turn.
    if (kind !== 'Immediate') resources[kind] = (resources[kind] ?? 0) + 1;
  }
  return { listeners: Object.fromEntries(listeners), resources };
}

/** What is held now beyond what was held before, in words. */
export function leaks(before: Holdings, now: Holdings, timers: number): string[] {
  const more = (kind: keyof Holdings): string[] =>
    Object.entries(now[kind]).flatMap(([name, count]) => {
      const extra = count - (before[kind][name] ?? 0);
      return extra > 0 ? [`${extra} ${kind} ${name}`] : [];
    });
  return [...more('listeners'), ...more('resources'), ...(timers > 0 ? [`${timers} timers`] : [])];
}

/** Collects the warnings of Node, such as that of too many listeners, until it is disposed of. */
export function collectWarnings(): Disposable & { readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', onWarning);
  return { warnings, [Symbol.dispose]: () => void process.off('warning', onWarning) };
}
