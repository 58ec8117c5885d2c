export { isBalancer, measuredBy } from './balancer.ts';
export { cellFields, cellFieldsReader, isImpossible, type CellFields } from './cell-fields.ts';
export {
  alarms,
  batteryTypes,
  chargeStatuses,
  controls,
  logCodes,
  logCodeText,
  type AlarmName,
  type AlarmSeverity,
} from './codes.ts';
export { toDeviceInfo, type DeviceInfo } from './device-info.ts';
export { explainFields, type ExplainedField } from './explain.ts';
export { explainRequest, type ExplainedRequest } from './explain-request.ts';
export {
  bitNames,
  decodeField,
  encodeField,
  fieldSize,
  hasBit,
  hasFlag,
  isNumeric,
  numberSizes,
  readNumber,
  writeNumber,
  type AnyFieldValue,
  type Field,
  type NumberField,
} from './field.ts';
export {
  CHECKSUM_OFFSET,
  FRAME_HEADER,
  FRAME_LENGTH,
  recordName,
  recordNames,
  sealFrame,
  sum8,
  toFrame,
  type Frame,
  type RecordName,
} from './frame.ts';
export { decode, encode, encodeEach, type Layout, type Values, type VariantLayouts } from './layout.ts';
export { cellDataJk02_24s } from './layouts/jk02-24s/cell-data.ts';
export { cellDataJk02_32s } from './layouts/jk02-32s/cell-data.ts';
export { deviceInfoJk02_32s } from './layouts/jk02-32s/device-info.ts';
export { logbookJk02_32s } from './layouts/jk02-32s/logbook.ts';
export { settingsJk02_32s } from './layouts/jk02-32s/settings.ts';
export { cellDataJk04 } from './layouts/jk04/cell-data.ts';
export { layouts, ofVariants, variants, type Variant } from './layouts/index.ts';
export {
  measurements,
  noValues,
  snakeCase,
  type Measurement,
  type MeasurementGroup,
  type MeasurementValue,
  type MeasurementValues,
} from './measurements.ts';
export { otherMaker } from './other-makers.ts';
export { NotificationParser } from './notification-parser.ts';
export { readingCode, type ReadingCode, type ValueCode } from './reading-code.ts';
export { numberSource } from './specialise.ts';
export { decodeReading, toReading, type Doubt, type Reading, type ReadingSource } from './reading.ts';
export {
  meaning,
  numberAt,
  offsetOf,
  shownCount,
  shownFields,
  unitOf,
  visibleText,
  type FieldOptions,
} from './record-fields.ts';
export {
  pseudonymOf,
  redact,
  redactRequest,
  withPseudonym,
  withoutSecrets,
  type Pseudonym,
  type Redactor,
} from './redact.ts';
export {
  ACKNOWLEDGE,
  REQUEST_HEADER,
  REQUEST_LENGTH,
  acknowledge,
  commands,
  decodeRequest,
  encodeRequest,
  type Request,
  heartbeat,
} from './request.ts';
export { roundTo } from './round-to.ts';
export { StreamParser, type DiscardReason, type StreamItem } from './stream-parser.ts';
export { StreamRedactor } from './stream-redactor.ts';
export type { Part, Pause, TimedFrameItem, TimedItem } from './timed-parser.ts';
export { fitOf, VariantDetector, fits, judge, type Fit, type Verdict } from './variant.ts';
export { fromHex, toHex, toSpacedHex } from './hex.ts';
