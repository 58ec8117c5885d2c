import { readdirSync, readFileSync } from 'node:fs';
import { variants, NotificationParser, StreamParser, type Frame, type Variant } from '@ubmsc/protocol';
import { parseRecording } from '@ubmsc/recording';
import type { Arrival } from '@ubmsc/session';
import { fromHex, readCaptures, readSessions } from './corpus.ts';
import type { TimedRecord } from './damage.ts';

/** A cell data record as it was received. */
export interface RecordedCells extends TimedRecord {
  readonly frame: Frame;
  readonly arrival: Arrival;
}

/** Cell data of one battery, in order. */
export interface CellStream {
  readonly id: string;
  readonly device: string;
  readonly variant: Variant;
  readonly records: readonly RecordedCells[];
}

function toVariant(text: string): Variant {
  const variant = variants.find((each) => each === text);
  if (!variant) throw new Error(`${text} is not a variant`);
  return variant;
}

/** The cell data of every recorded session, with the times of its notifications. */
export function recordedSessions(): CellStream[] {
  return readSessions().map(({ id, variant, device, events }) => ({
    id,
    device: String(device.model),
    variant: toVariant(variant),
    records: cellsIn(
      events
        .filter(({ dir }) => dir === 'notify')
        .map(({ hex, t_ms: time }) => ({ bytes: fromHex(hex), time })),
    ),
  }));
}

const loadsFolder = new URL('../../../fixtures/loads/', import.meta.url);

/** The cell data of simulated batteries whose current changes as it does in use: those of `fixtures/loads/`. */
export function simulatedStreams(): CellStream[] {
  return readdirSync(loadsFolder).map((id) => {
    const { header, events } = parseRecording(readFileSync(new URL(id, loadsFolder), 'utf8'));
    const notifications = events.flatMap((event) =>
      event.kind === 'notify' ? [{ bytes: event.bytes, time: event.ms }] : [],
    );
    return {
      id,
      device: header.device?.model ?? id,
      variant: toVariant(header.layout ?? ''),
      records: cellsIn(notifications),
    };
  });
}

function cellsIn(
  notifications: readonly { readonly bytes: Uint8Array; readonly time: number }[],
): RecordedCells[] {
  const parser = new NotificationParser();
  const times: number[] = [];
  return notifications.flatMap(({ bytes, time }) => {
    for (let count = 0; count < bytes.length; count++) times.push(time);
    return parser.push(bytes, time).flatMap((item) => {
      if (item.kind !== 'frame' || item.frame.record !== 'cellData') return [];
      const { frame, offset, pauses } = item;
      const own = times.slice(offset, offset + frame.bytes.length);
      return [{ frame, bytes: frame.bytes, times: own, arrival: { time, pauses } }];
    });
  });
}

/** A record in this time, in milliseconds; nobody has noted when those of captures came. */
const PERIOD = 540;

/** The cell data of every published capture, as far apart as their counters tell. */
export function capturedStreams(): CellStream[] {
  // Over RS485 the counter is always 0 and what looks like a stream may be several batteries.
  const captures = readCaptures('captures.json').filter(({ transport }) => transport === 'ble');
  return captures.map(({ id, variant, notifications }) => {
    const parser = new StreamParser();
    const frames = notifications.flatMap((hex) =>
      parser.push(fromHex(hex)).flatMap((item) => (item.kind === 'frame' ? [item.frame] : [])),
    );
    let time = 0;
    let counter = frames[0]?.counter ?? 0;
    const records = frames
      .filter(({ record }) => record === 'cellData')
      .map((frame) => {
        time += PERIOD * ((frame.counter - counter) & 0xff || 1);
        ({ counter } = frame);
        const times = Array.from(frame.bytes, () => time);
        return { frame, bytes: frame.bytes, times, arrival: { time, pauses: [] } };
      });
    return { id, device: id, variant: toVariant(variant), records };
  });
}
