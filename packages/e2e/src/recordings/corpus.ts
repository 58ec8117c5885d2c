import { existsSync, readFileSync } from 'node:fs';
import { gattProperties, type GattPropertyName } from '@ubmsc/session';
import type { Recording, RecordingEvent } from '@ubmsc/recording';

/** Sessions of real devices. They belong to others and are read where they lie, beside the project. */
const file = new URL('../../../../../shared/corpus/sessions.json', import.meta.url);

export const sessionsAreHere = existsSync(file);

/** A session as the corpus has it. */
interface Session {
  readonly id: string;
  readonly device: { readonly model: string | null };
  readonly gatt: {
    readonly services: readonly { readonly uuid: string; readonly start: number; readonly end: number }[];
    readonly characteristics: readonly {
      readonly uuid: string;
      readonly properties: string;
      readonly value_handle: number;
    }[];
  } | null;
  readonly link: readonly { readonly mtu?: number }[];
  readonly events: readonly {
    readonly t_ms: number;
    readonly dir: 'write' | 'notify';
    readonly uuid: string;
    readonly hex: string;
  }[];
}

/** The sessions as recordings, by their names. */
export function corpusRecordings(): ReadonlyMap<string, Recording> {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(parsed)) throw new TypeError('sessions.json is not a list');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the corpus' README describes its form
  return new Map((parsed as Session[]).map((session) => [session.id, toRecording(session)]));
}

function toRecording({ id, device, gatt, link, events }: Session): Recording {
  const mtus = link.flatMap(({ mtu }) => mtu ?? []);
  const names = Object.keys(gattProperties).filter(
    (name): name is GattPropertyName => name in gattProperties,
  );
  return {
    header: {
      format: 'ubmsc-recording',
      version: 1,
      started: '2026-01-01T00:00:00Z',
      origin: id,
      device: { name: device.model ?? undefined },
      ...(mtus.length > 0 && { mtu: Math.min(...mtus) }),
      gatt: gatt?.services.map(({ uuid, start, end }) => ({
        uuid,
        characteristics: gatt.characteristics
          .filter((each) => start <= each.value_handle && each.value_handle <= end)
          .map((each) => ({
            uuid: each.uuid,
            properties: names.filter((name) => (Number(each.properties) & gattProperties[name]) !== 0),
          })),
      })),
      simulated: false,
      redacted: false,
      anonymized: false,
    },
    events: events
      .filter(({ uuid }) => uuid === 'ffe1')
      .map(({ t_ms: ms, dir: kind, hex }): RecordingEvent => ({
        ms,
        kind,
        bytes: new Uint8Array(Buffer.from(hex, 'hex')),
      })),
  };
}
