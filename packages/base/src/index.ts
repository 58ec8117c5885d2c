export { isLeftOver, replaceFile, syncFolder, type AtomicFileOptions } from './atomic-file.ts';
export { checkedLine, contentOfLine } from './checked-line.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { asError, UbmscError, UsageError } from './errors.ts';
export { every } from './every.ts';
export { errorCode, fileProblem, fileReason, type FileHints } from './file-problem.ts';
export { log, logChannelName, logLevels, type LogLevel, type LogMessage } from './log.ts';
export { readSmallFile } from './read-small-file.ts';
export { sanitize } from './sanitize.ts';
export {
  untilAborted,
  anySignal,
  elapses,
  eventWithin,
  pause,
  unlessAborted,
  within,
  withinTime,
  type WaitOptions,
} from './wait.ts';
export { homeFolder } from './home-folder.ts';
export { stateFolder } from './state-folder.ts';
export { lockFolder } from './lock-folder.ts';
export { isHolder, takeLock, tryLock, type LockHolder, type LockOptions, type LockPlace } from './lock.ts';
export { processEnd } from './process-end.ts';
export { CAP_NET_ADMIN, CAP_NET_RAW, capabilitiesOf, mayUseRadios } from './process-facts.ts';
export { WakingClock, type TimeSources } from './waking-clock.ts';
