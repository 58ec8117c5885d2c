import {
  reasonNames,
  sessionStates,
  gattProperties,
  type SessionReason,
  type SessionState,
  type GattPropertyName,
} from '@ubmsc/session';
import { variants } from '@ubmsc/protocol';
import type { Conforming, Schema } from './schema.ts';

/** Name of the format, in the first line of every recording. */
export const RECORDING_FORMAT = 'ubmsc-recording';

/** Version of the format. A reader accepts only this one; it ignores properties that it does not know. */
export const RECORDING_VERSION = 1;

const text = (description: string, maxLength = 200) =>
  ({ type: 'string', maxLength, description }) as const satisfies Schema;

const flag = (description: string) => ({ type: 'boolean', description }) as const satisfies Schema;

const uuid = {
  type: 'string',
  maxLength: 32,
  pattern: '^([0-9a-f]{4}|[0-9a-f]{32})$',
  description: 'In lower-case hexadecimal, of 4 digits where it is one of 16 bits',
} as const satisfies Schema;

const propertyNames = Object.keys(gattProperties).filter(
  (name): name is GattPropertyName => name in gattProperties,
);
const stateNames = Object.keys(sessionStates).filter((name): name is SessionState => name in sessionStates);

/** The first line of a recording. */
export const headerSchema = {
  type: 'object',
  required: ['format', 'version', 'started', 'origin', 'device', 'simulated', 'redacted', 'anonymized'],
  properties: {
    format: { const: RECORDING_FORMAT, description: 'Name of the format' },
    version: { const: RECORDING_VERSION, description: 'Version of the format' },
    started: {
      type: 'string',
      maxLength: 30,
      pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$',
      format: 'date-time',
      description: 'The time that is 0 ms, in UTC',
    },
    origin: text('What has recorded it, and from where'),
    note: text('What it shows', 1000),
    part: {
      type: 'integer',
      minimum: 1,
      maximum: 1e9,
      description: 'Which part of a recording in several files it is, from 1 on',
    },
    device: {
      type: 'object',
      required: [],
      properties: {
        address: text('Address, such as C8:47:80:00:00:01'),
        name: text('Name that it advertises'),
        model: text('Model, as it says itself'),
        hardware: text('Version of its hardware, as it says itself'),
        firmware: text('Version of its firmware, as it says itself'),
      },
      description: 'The battery, as far as it is known',
    },
    layout: { enum: variants, description: 'How its records are laid out' },
    mtu: { type: 'integer', minimum: 23, maximum: 517, description: 'ATT_MTU of the link' },
    gatt: {
      type: 'array',
      maxItems: 100,
      description: 'Services in the order of their handles, as far as they were discovered',
      items: {
        type: 'object',
        required: ['uuid', 'characteristics'],
        properties: {
          uuid,
          characteristics: {
            type: 'array',
            maxItems: 100,
            items: {
              type: 'object',
              required: ['uuid', 'properties'],
              properties: {
                uuid,
                properties: { type: 'array', maxItems: 8, items: { enum: propertyNames } },
              },
            },
          },
        },
      },
    },
    simulated: flag('Nothing of it was measured on a real battery'),
    redacted: flag('Passcodes are blanked'),
    anonymized: flag('Address, name and serial number are pseudonyms'),
  },
} as const satisfies Schema;

/** The first line of a recording. */
export type RecordingHeader = Conforming<typeof headerSchema>;

const ms = {
  type: 'number',
  minimum: -1e12,
  maximum: 1e12,
  description:
    'When, in milliseconds from the start. Before it is what the battery was asked as the link was made, and its answers: a part that begins later has them again, so that it stands by itself',
} as const satisfies Schema;

/** A value has 512 octets at most (Core Specification 5.4, Vol 3, Part F, 3.2.9). */
const bytes = (description: string) =>
  ({ type: 'string', maxLength: 1024, pattern: '^([0-9a-f]{2})*$', description }) as const satisfies Schema;

/** Every later line, by the property that tells its kind. */
export const eventSchemas = {
  notify: {
    type: 'object',
    required: ['ms', 'notify'],
    properties: { ms, notify: bytes('What the battery has sent in one notification, in hexadecimal') },
  },
  write: {
    type: 'object',
    required: ['ms', 'write'],
    properties: { ms, write: bytes('What was written to the battery, in hexadecimal') },
  },
  state: {
    type: 'object',
    required: ['ms', 'state'],
    properties: {
      ms,
      state: { enum: stateNames, description: 'The state into which the session came' },
      reason: { enum: reasonNames, description: 'Why' },
    },
  },
} as const satisfies Readonly<Record<string, Schema>>;

/** One event of a session. `ms` counts from the start of the recording and never steps back. */
export type RecordingEvent =
  | { readonly ms: number; readonly kind: 'notify' | 'write'; readonly bytes: Uint8Array }
  | {
      readonly ms: number;
      readonly kind: 'state';
      readonly state: SessionState;
      readonly reason?: SessionReason | undefined;
    };

/** A session with one battery: what went over its link, and what became of it. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly events: readonly RecordingEvent[];
}

/** JSON Schema (2020-12) of one line of a recording. */
export const recordingJsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A line of a ubmsc recording (JSON Lines): the header, then events',
  anyOf: [headerSchema, ...Object.values(eventSchemas)],
} as const;
