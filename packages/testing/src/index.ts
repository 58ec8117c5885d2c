export { eventually } from './eventually.ts';
export {
  captureBytes,
  captureFrames,
  describeCorpus,
  fromHex,
  notifications,
  readCaptures,
  readSessions,
  sessionBytes,
  toHex,
  type Capture,
} from './corpus.ts';
export {
  cut,
  damages,
  everyOutcome,
  randomFrom,
  type Choose,
  type Damage,
  type DamageKind,
} from './damage.ts';
export { mutated } from './mutations.ts';
export { parseMetrics, valuesOf, type Family } from './parse-metrics.ts';
export {
  capturedStreams,
  recordedSessions,
  simulatedStreams,
  type CellStream,
  type RecordedCells,
} from './recorded-cells.ts';
export { fixedValues } from './fixed-values.ts';
export { golden } from './golden.ts';
export { isExhaustive, times } from './exhaustive.ts';
export {
  longUuid,
  startBus,
  startFakeBluez,
  withoutBus,
  type FakeBluez,
  type FakeDevice,
  type FakeDeviceOptions,
  type PrivateBus,
} from './bluez/index.ts';
export { MadeSource, readingWith, statusWith } from './made-source.ts';
export { discoveryProblems } from './home-assistant/index.ts';
export { FakeCentral, FakeSource, unreachableBattery, type FakeBattery } from './fake-central.ts';
export { simulatedBattery } from './simulated-battery.ts';
export { hasOpenssl, makeCertificate } from './certificates.ts';
export {
  type TestPacket,
  start,
  planted,
  deviceInfo,
  type TestSession,
  sessionPackets,
  together,
} from './captured-sessions.ts';
