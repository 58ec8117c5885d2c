/** What a failure is for a script: one exit code of the command each. */
export type FailureKind = 'adapter' | 'notFound' | 'link' | 'unknownDevice' | 'stale' | 'bug';

/** All that is known of one reason. */
interface ReasonRow {
  /** What a person calls it. */
  readonly title: string;
  readonly kind: FailureKind;
  /** Trying again soon does not change it: it is tried again after a long pause. */
  readonly isLasting?: boolean;
  /** It fails as a link is made, and often passes when the link is made again at once. */
  readonly isPassing?: boolean;
  /** The adapter may be the cause: after several in a row it is reopened. */
  readonly mayBeAdapter?: boolean;
  /** The battery, or the air, ended a link that was in use. */
  readonly isHangUp?: boolean;
  /** Least pause before the next try, in milliseconds: by then the battery may have recovered. */
  readonly pause?: number;
}

/**
 * Why a session is where it is. The names are a closed set: the label of metrics, the value in JSON, and the name in
 * recordings. All that depends on a reason derives from its row.
 */
export const sessionReasons = {
  notHeard: { title: 'not received: off, out of range, or held by another', kind: 'notFound' },
  nameNotUnique: { title: 'several batteries have this name', kind: 'notFound' },
  connectTimeout: { title: 'connecting took too long', kind: 'link', mayBeAdapter: true },
  connectFailed: { title: 'connecting failed', kind: 'link', mayBeAdapter: true },
  setupFailed: {
    title: 'link lost as it was made (0x3E)',
    kind: 'link',
    mayBeAdapter: true,
    isPassing: true,
  },
  supervisionTimeout: { title: 'out of range (0x08)', kind: 'link', isHangUp: true },
  closedByBattery: { title: 'closed by the battery (0x13)', kind: 'link', isHangUp: true },
  linkLost: { title: 'link lost', kind: 'link', isHangUp: true },
  discoveryTimeout: {
    title: 'does not name its services',
    kind: 'link',
    mayBeAdapter: true,
    isPassing: true,
  },
  noServices: { title: 'names no services', kind: 'link', isPassing: true },
  noSerialService: { title: 'has no service FFE0', kind: 'unknownDevice', isLasting: true },
  subscribeTimeout: { title: 'does not confirm the subscription', kind: 'link', mayBeAdapter: true },
  pairingRequired: { title: 'wants to be paired', kind: 'link' },
  heldByProgram: { title: 'held by another program of this machine', kind: 'link' },
  echo: { title: 'sends back what it is sent', kind: 'unknownDevice', isLasting: true },
  notJk: { title: 'is not a JK battery', kind: 'unknownDevice', isLasting: true },
  unknownLayout: { title: 'layout cannot be told', kind: 'unknownDevice', isLasting: true },
  noAnswer: { title: 'does not answer', kind: 'link' },
  silent: { title: 'fell silent', kind: 'link', pause: 3000 },
  frozen: { title: 'sends the same values again and again', kind: 'stale', pause: 3000 },
  adapterGone: { title: 'adapter is gone', kind: 'adapter' },
  adapterBusy: { title: 'adapter is held by another program', kind: 'adapter' },
  /** An error that nobody expected. It is logged with its stack, and comes again when the same is done again. */
  internalError: { title: 'a bug in this program', kind: 'bug', pause: 300_000 },
  closedByUser: { title: 'closed', kind: 'link' },
} as const satisfies Readonly<Record<string, ReasonRow>>;

/** Why a session ended or does not come about. */
export type SessionReason = keyof typeof sessionReasons;

/** The names of all reasons, in the order of the table. */
export const reasonNames: readonly SessionReason[] = Object.keys(sessionReasons).filter(isSessionReason);

/** Whether this is the name of a reason. */
export function isSessionReason(name: string): name is SessionReason {
  return Object.hasOwn(sessionReasons, name);
}

/** What is known of a reason; undefined for a session without one. */
export function reasonRow(reason: SessionReason | undefined): ReasonRow | undefined {
  return reason && sessionReasons[reason];
}
