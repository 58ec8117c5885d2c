import { decodeAddress, encodeAddress, type DeviceAddress } from './address.ts';

/** How one parameter of an event is written and read. */
export interface Parameter<Value = unknown> {
  encode(value: unknown): Buffer;
  /** Its value, and how many octets it takes. */
  parse(bytes: Buffer, at: number): { readonly value: Value; readonly size: number };
}

/** What a parameter of this kind holds; never for one that is always the same. */
export type ValueOf<P> = P extends Parameter<infer Value> ? Exclude<Value, undefined> : never;

/** A kind of parameter. What is written was checked by the type of the event. */
function kind<Value>(encode: (value: Value) => Buffer, parse: Parameter<Value>['parse']): Parameter<Value> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type of an event is made of these kinds
  return { encode: (value) => encode(value as Value), parse };
}

export const u8 = (value: number): Buffer => Buffer.from([value & 0xff]);
export const u16 = (value: number): Buffer => Buffer.from([value & 0xff, (value >> 8) & 0xff]);

export const uint8 = kind<number>(u8, (bytes, at) => ({ value: bytes.readUInt8(at), size: 1 }));

export const int8 = kind<number>(u8, (bytes, at) => ({ value: bytes.readInt8(at), size: 1 }));

export const uint16 = kind<number>(u16, (bytes, at) => ({ value: bytes.readUInt16LE(at), size: 2 }));

/** Address_Type and address. */
export const address = kind<DeviceAddress>(
  (value) => Buffer.concat([Buffer.from([value.type]), encodeAddress(value.address)]),
  (bytes, at) => ({ value: { type: bytes.readUInt8(at), address: decodeAddress(bytes, at + 1) }, size: 7 }),
);

/** This number of octets. */
export const octets = (size: number): Parameter<Buffer> =>
  kind<Buffer>(
    (value) => value,
    (bytes, at) => ({ value: bytes.subarray(at, at + size), size }),
  );

/** Octets with their number before them. */
export const counted = kind<Buffer>(
  (value) => Buffer.concat([Buffer.from([value.length]), value]),
  (bytes, at) => {
    const length = bytes.readUInt8(at);
    return { value: bytes.subarray(at + 1, at + 1 + length), size: 1 + length };
  },
);

/** All octets to the end. */
export const rest = kind<Buffer>(
  (value) => value,
  (bytes, at) => ({ value: bytes.subarray(at), size: bytes.length - at }),
);

/** One octet that a virtual controller always sends alike, and that nobody reads. */
export const fixed = (octet: number): Parameter<undefined> =>
  kind<undefined>(
    () => Buffer.from([octet]),
    () => ({ value: undefined, size: 1 }),
  );
