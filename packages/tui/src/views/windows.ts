/** Lengths of time that graphs can show, in seconds. */
export const windows = [60, 300, 900, 3600] as const;
