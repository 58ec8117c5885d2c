/** The values of one stretch of time; undefined where there are none. */
export type Bucket =
  { readonly low: number; readonly high: number; readonly mean: number; readonly last: number } | undefined;
