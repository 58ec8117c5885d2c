/** A limit of requests by a token bucket, as `rate_limit` of a web configuration says. */
export class RateLimit {
  #tokens: number | undefined;
  #since = 0;

  /** @param limit one request each interval, in milliseconds, and this many at once; undefined for no limit */
  admits(limit: { readonly interval: number; readonly burst: number } | undefined): boolean {
    if (!limit) return true;
    const now = performance.now();
    const tokens = Math.min(
      limit.burst,
      (this.#tokens ?? limit.burst) + (now - this.#since) / limit.interval,
    );
    this.#since = now;
    this.#tokens = tokens < 1 ? tokens : tokens - 1;
    return tokens >= 1;
  }
}
