/** Headers of every answer. `frames` are the origins that may show the page in a frame, such as Home Assistant. */
export function securityHeaders(frames: readonly string[]): Readonly<Record<string, string>> {
  const ancestors = frames.length > 0 ? frames.join(' ') : "'none'";
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${ancestors}`,
    ].join('; '),
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    ...(frames.length === 0 && { 'X-Frame-Options': 'DENY' }),
  };
}
