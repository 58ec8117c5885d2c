/** Lengths of time that graphs can show, in seconds. */
export const windows = [60, 300, 900, 3600, 6 * 3600, 24 * 3600, 7 * 86_400, 30 * 86_400] as const;

/** How many of them reach back no further than what is remembered. */
export const recentWindows = 4;
