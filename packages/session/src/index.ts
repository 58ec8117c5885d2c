export {
  liveReading,
  newStatus,
  noCounters,
  readingAge,
  recoveryRungs,
  sessionStates,
  type BankValues,
  type BatteryEvent,
  type BatterySource,
  type BatteryStatus,
  type EnergyTotals,
  type RecoveryRung,
  type SessionCounters,
  type SessionState,
} from './battery-status.ts';
export {
  isSessionReason,
  reasonNames,
  reasonRow,
  sessionReasons,
  type FailureKind,
  type SessionReason,
} from './session-reasons.ts';
export { Cadence } from './cadence.ts';
export {
  AdapterError,
  DeviceNotFoundError,
  LinkError,
  StaleDataError,
  UnknownDeviceError,
  reasonOf,
} from './errors.ts';
export { gattProperties, type GattCharacteristic, type GattPropertyName, type GattService } from './gatt.ts';
export type { Link, LinkEvents } from './link.ts';
export { RunClock, logEntries, type LogEntry } from './logbook.ts';
export type { Arrival } from './acceptance/observed.ts';
export { Acceptance } from './acceptance/acceptance.ts';
export { questions, rules } from './acceptance/rules.ts';
export { SessionJudge, type SessionJudgement, type ReceivedFrame } from './session-judge.ts';
export { UbmscError } from '@ubmsc/base';
