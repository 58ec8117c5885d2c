export { CaptureError } from './capture/capture-error.ts';
export { CaptureReader, isCapture } from './capture/capture-reader.ts';
export type { CapturedPacket } from './capture/captured-packet.ts';
export {
  ConnectionTrace,
  type ConnectionTraceEvents,
  type TracedConnection,
  type TracedDevice,
} from './capture/connection-trace.ts';
export {
  GattTrace,
  serverOf,
  shortUuid,
  type TracedCharacteristic,
  type TracedDescriptor,
  type TracedService,
  type TracedValue,
} from './capture/gatt-trace.ts';
export { SnoopWriter, type NotificationRedaction, type Redaction } from './capture/snoop-writer.ts';
export {
  answerIn,
  connectionsOf,
  recordBegunIn,
  type LinkEvent,
  type RecordedConnection,
} from './format/connections.ts';
export { excerpt } from './format/excerpt.ts';
export { RecordingReader, parseRecording } from './format/recording-reader.ts';
export type { RecordingRedaction } from './format/recording-redactor.ts';
export {
  recordingJsonSchema,
  type Recording,
  type RecordingEvent,
  type RecordingHeader,
} from './format/recording.ts';
export { CaptureImport, type CaptureSummary } from './import/capture-import.ts';
export type { CapturedSession } from './import/captured-session.ts';
export { SessionRecorder } from './import/session-recorder.ts';
export { RecordedBattery, eventTime } from './recorded-battery.ts';
export { ObservedLink, type LinkObserver } from './recorder/observed-link.ts';
export { Recorder, type RecorderOptions } from './recorder/recorder.ts';
export type { RecordingSummary } from './recorder/recording-writer.ts';
export { UsageError } from '@ubmsc/base';
