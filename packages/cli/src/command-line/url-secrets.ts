/** What stands before the host of a URL. */
const USERINFO = /([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/gi;

/** Parameters of a URL that are secrets, such as those of InfluxDB 1. */
const PARAMETERS = /([?&](?:p|pass|passwd|password|pwd|token|access_token|api_?key|key|secret)=)[^&#\s]+/gi;

/** A header that says who pushes, as `--push-header` takes it. */
const HEADER = /^((?:--push-header=)?[\w-]*(?:auth|token|key|secret|cookie)[\w-]*\s*:).+/is;

/** A text, such as an argument, without passwords of the URLs in it. */
export function withoutUrlSecrets(text: string): string {
  return text.replace(USERINFO, '$1***@').replace(PARAMETERS, '$1***');
}

/**
 * Takes secrets out of the command line that every user of the machine sees in the list of processes. They are seen
 * for the moment until then: files and the environment are the places for secrets.
 */
export function hideSecrets(argv: readonly string[]): void {
  const shown = argv.map((each) => withoutUrlSecrets(each).replace(HEADER, '$1 ***'));
  if (shown.some((each, index) => each !== argv[index])) process.title = ['ubmsc', ...shown].join(' ');
}
