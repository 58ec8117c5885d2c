export { lockAdapter } from './adapter-lock.ts';
export {
  Adapter,
  type AdapterHooks,
  type FindOptions,
  type ObserveLink,
  type OpenOptions,
  type ScanOptions,
} from './adapter.ts';
export { chooseAdapter, type AdapterChoice, type ChooseOptions } from './auto/choose.ts';
export { Battery, type BatteryOptions, type CellDataArrival, type Settings } from './battery.ts';
export type { LinkStatistics } from './session-tally.ts';
export {
  adapterExamples,
  parseAdapter,
  splitAdapters,
  transports,
  type ParsedAdapter,
} from './central/transports.ts';
export type {
  OpenTransport,
  Replay,
  ReplaySpec,
  Simulate,
  Transport,
  TransportContext,
} from './central/transport.ts';
export type {
  Central,
  CentralHealth,
  CentralSource,
  ConnectOptions,
  LinkTarget,
  Sighting,
} from './central/central.ts';
export { adapterErrorOf, adapterProblems, type AdapterProblem } from './central/adapter-problems.ts';
export { knownAdapters, type KnownAdapter } from './bluez/known-adapters-late.ts';
export { radioSwitches } from './central/radio-switch.ts';
export { type DeviceSpec, parseDeviceSpec } from './device-spec.ts';
export { escapeReplayFile } from './virtual/replay-transport.ts';
export { type Advertisement, type Device, likelihood, type Likelihood, matches } from './device.ts';
export { discover, type DiscoverOptions } from './discover.ts';
export { Fleet, type FleetOptions, type Wanted, type WantedBattery } from './fleet.ts';
export { openFleet, type OpenFleetOptions } from './open-fleet.ts';
export { openAdapter, type AdapterOptions } from './open-adapter.ts';

// What the calls above return and throw, so that a program needs no other package for them.
export type { DeviceInfo, Reading } from '@ubmsc/protocol';
export {
  AdapterError,
  DeviceNotFoundError,
  LinkError,
  reasonOf,
  StaleDataError,
  UnknownDeviceError,
  type BatteryStatus,
  type SessionReason,
} from '@ubmsc/session';
export { UbmscError, UsageError } from '@ubmsc/base';
