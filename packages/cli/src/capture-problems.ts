import type { CaptureSummary } from '@ubmsc/recording';

/** What is wrong with a capture that was read nevertheless, each in a line. */
export function captureProblems({ malformed, truncated, cutOff, damage }: CaptureSummary): string[] {
  return [
    ...(malformed > 0 ? [`${malformed} packets of the capture have not the length that they say`] : []),
    ...(truncated > 0
      ? [
          `of ${truncated} packets only the beginning was captured, and they are left out: capture without a filter, and whole packets`,
        ]
      : []),
    ...(cutOff > 0 ? [`the capture is cut off: its last ${cutOff} bytes are not a whole record`] : []),
    ...(damage ? [`the capture is damaged: ${damage.message}; nothing after that was read`] : []),
  ];
}
