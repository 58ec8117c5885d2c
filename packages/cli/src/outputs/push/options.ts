import type { OptionRows, ValuesOf } from '../../command-line/option-row.ts';

/** What asks for pushing, and how it is done. */
// A table is read by its columns:
// prettier-ignore
export const pushOptions = {
  pushUrl: { flags: '--push-url <url>', kind: 'urls', help: 'where the exporter pushes to besides listening at --url, may be repeated' },
  pushProtocol: { flags: '--push-protocol <name>', kind: 'protocol', help: 'what is at that URL (default: told from its path)' },
  pushUser: { flags: '--push-user <name>', kind: 'text', help: 'user who pushes; UBMSC_PUSH_PASSWORD or UBMSC_PUSH_TOKEN hold the secret' },
  pushPasswordFile: { flags: '--push-password-file <file>', kind: 'file', help: 'file with the password of that user' },
  pushTokenFile: { flags: '--push-token-file <file>', kind: 'file', help: 'file with a bearer token for pushing' },
  pushInterval: { flags: '--push-interval <seconds>', kind: 'seconds', help: 'interval of pushing (default: that of --scrape-interval)' },
  pushAllow: { flags: '--push-allow <metric>', kind: 'list', help: 'push this metric alone; * stands for anything, may be repeated' },
  pushDeny: { flags: '--push-deny <metric>', kind: 'list', help: 'do not push this metric; * stands for anything, may be repeated' },
  pushLabel: { flags: '--push-label <name=value>', kind: 'list', help: 'label of every metric that is pushed there, may be repeated' },
  pushHeader: { flags: '--push-header <name: value>', kind: 'list', help: 'header of every request to push, may be repeated' },
  pushOrder: { flags: '--push-order <order>', kind: 'order', help: 'what is pushed first after an outage, oldest or newest (default: oldest)' },
  pushShare: { flags: '--push-share <percent>', kind: 'percent', help: 'part of the time in which samples of an outage may be sent (default: 100)' },
  pushCaFile: { flags: '--push-ca-file <file>', kind: 'file', help: 'certificates that vouch for the server, in PEM' },
  pushCertFile: { flags: '--push-cert-file <file>', kind: 'file', help: 'certificate with which it is shown who pushes, in PEM' },
  pushKeyFile: { flags: '--push-key-file <file>', kind: 'file', help: 'the key of that certificate, in PEM' },
  pushProxy: { flags: '--push-proxy <url>', kind: 'text', help: 'proxy: http://, https:// or socks5h:// (default: that of the environment)' },
  buffer: { flags: '--buffer <folder>', kind: 'file', help: 'where samples wait while they cannot be pushed (default: in memory)' },
} as const satisfies OptionRows;

export type PushOptions = ValuesOf<typeof pushOptions>;

/** Keys of a table `[[push]]`, and the option that each stands for. */
export const pushTable = {
  url: 'pushUrl',
  protocol: 'pushProtocol',
  user: 'pushUser',
  'password-file': 'pushPasswordFile',
  'token-file': 'pushTokenFile',
  interval: 'pushInterval',
  allow: 'pushAllow',
  deny: 'pushDeny',
  label: 'pushLabel',
  header: 'pushHeader',
  order: 'pushOrder',
  share: 'pushShare',
  'ca-file': 'pushCaFile',
  'cert-file': 'pushCertFile',
  'key-file': 'pushKeyFile',
  proxy: 'pushProxy',
  buffer: 'buffer',
} as const satisfies Readonly<Record<string, keyof PushOptions>>;

/** Options that say how to push. */
export const pushDetails = [
  'pushProtocol',
  'pushUser',
  'pushPasswordFile',
  'pushTokenFile',
  'pushInterval',
  'pushAllow',
  'pushDeny',
  'pushLabel',
  'pushHeader',
  'pushOrder',
  'pushShare',
  'pushCaFile',
  'pushCertFile',
  'pushKeyFile',
  'pushProxy',
  'buffer',
] as const satisfies readonly (keyof PushOptions)[];
