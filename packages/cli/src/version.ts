/** Version of the command; the bundler puts it here. */
export const version = process.env['UBMSC_VERSION'] ?? 'development';
