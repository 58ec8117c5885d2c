/** Into how many steps a time is divided. */
const STEPS = 20;

/** When an answer that was waited for is too late, until it is disposed of. */
export interface AnswerDeadline extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * A signal that aborts when an answer had this long to arrive, in ms. Time in which the process stands still, as on a slow
 * machine while the modules of the next battery are loaded, is not counted: an interval that was missed several times
 * comes once.
 */
export function answerDeadline(timeout: number): AnswerDeadline {
  const controller = new AbortController();
  let left = STEPS;
  const timer = setInterval(() => {
    left--;
    if (left > 0) return;
    clearInterval(timer);
    controller.abort(new Error(`no answer in ${timeout} ms`));
  }, timeout / STEPS);
  return { signal: controller.signal, [Symbol.dispose]: () => clearInterval(timer) };
}
