import type { PacketDirection } from '@ubmsc/hci';

/** Opcodes of Core Specification 5.4, Vol 3, Part F, 3.4.8. */
const Att = {
  exchangeMtuRequest: 0x02,
  exchangeMtuResponse: 0x03,
  findInformationResponse: 0x05,
  findByTypeValueRequest: 0x06,
  findByTypeValueResponse: 0x07,
  readByTypeRequest: 0x08,
  readByTypeResponse: 0x09,
  readByGroupTypeRequest: 0x10,
  readByGroupTypeResponse: 0x11,
  writeRequest: 0x12,
  notification: 0x1b,
  indication: 0x1d,
  writeCommand: 0x52,
} as const;

/** Attribute types of Core Specification 5.4, Vol 3, Part G, 3.4. */
const PRIMARY_SERVICE = '2800';
const CHARACTERISTIC = '2803';

/** Types of descriptors: Bluetooth Assigned Numbers, 3.7. Some hosts read all of one type, and never ask for others. */
const descriptorTypes = /^29[0-9a-f]{2}$/;

/** ATT_MTU until another is agreed to (Core Specification 5.4, Vol 3, Part G, 5.2.1). */
const DEFAULT_MTU = 23;

/** Most attributes that are remembered of one server. */
const MOST_ATTRIBUTES = 1024;

/** UUIDs are in lower-case hexadecimal, of 4 or of 32 digits, as they were sent; see {@link shortUuid}. */
export interface TracedService {
  readonly uuid: string;
  readonly startHandle: number;
  readonly endHandle: number;
}

/** A characteristic as a capture shows it. */
export interface TracedCharacteristic {
  readonly uuid: string;
  readonly valueHandle: number;
  /** Bits of Core Specification 5.4, Vol 3, Part G, 3.3.1.1. */
  readonly properties: number;
}

/** A descriptor as a capture shows it. */
export interface TracedDescriptor {
  readonly uuid: string;
  readonly handle: number;
}

/** A value that a client wrote or that a server sent by itself. `value` is valid during the call only. */
export interface TracedValue {
  readonly kind: 'write' | 'notification';
  readonly handle: number;
  readonly value: Buffer;
  /** It wants an answer: a Write Request, or an indication. */
  readonly confirmed: boolean;
}

/** Whether an ATT PDU comes from the client: an even opcode is a request or a confirmation, or else a command. */
function isFromClient(opcode: number): boolean {
  return (opcode & 0x40) !== 0 || (opcode & 1) === 0;
}

/** Which end of a connection the server of a PDU is at, by the opcode and the way that it went. */
export function serverOf(direction: PacketDirection, opcode: number): 'own' | 'peer' {
  return (direction === 'sent') === isFromClient(opcode) ? 'peer' : 'own';
}

/** What a PDU that is a write or a notification carries. */
export function valueOf(pdu: Buffer): TracedValue | undefined {
  if (pdu.length < 3) return undefined;
  switch (pdu[0]) {
    case Att.writeRequest:
      return carried(pdu, 'write', true);
    case Att.writeCommand:
      return carried(pdu, 'write', false);
    case Att.notification:
      return carried(pdu, 'notification', false);
    case Att.indication:
      return carried(pdu, 'notification', true);
    default:
      return undefined;
  }
}

function carried(pdu: Buffer, kind: TracedValue['kind'], confirmed: boolean): TracedValue {
  return { kind, handle: pdu.readUInt16LE(1), value: pdu.subarray(3), confirmed };
}

/** What the PDUs between one client and one server tell of the server. Never throws. */
export class GattTrace {
  readonly #services = new Map<number, TracedService>();
  readonly #characteristics = new Map<number, TracedCharacteristic>();
  readonly #descriptors = new Map<number, TracedDescriptor>();
  #mtu = DEFAULT_MTU;
  #askedMtu = DEFAULT_MTU;
  /** The attribute type that the pending request asks for, and the UUID of a service that it looks for. */
  #askedType = '';
  #askedService = '';

  get services(): readonly TracedService[] {
    return sorted(this.#services);
  }

  get characteristics(): readonly TracedCharacteristic[] {
    return sorted(this.#characteristics);
  }

  /** The characteristic whose value has this handle. */
  characteristicAt(valueHandle: number): TracedCharacteristic | undefined {
    return this.#characteristics.get(valueHandle);
  }

  /** Whether this handle is within a service with such a UUID; undefined when no such service was named. */
  isWithin(handle: number, isUuid: (uuid: string) => boolean): boolean | undefined {
    let found: boolean | undefined;
    for (const { uuid, startHandle, endHandle } of this.#services.values()) {
      if (isUuid(uuid)) found ||= startHandle <= handle && handle <= endHandle;
    }
    return found;
  }

  get descriptors(): readonly TracedDescriptor[] {
    return sorted(this.#descriptors);
  }

  /** ATT_MTU as it was agreed to. */
  get mtu(): number {
    return this.#mtu;
  }

  /** Takes a PDU of either side; returns the value that it carries, where it is a write or a notification. */
  push(pdu: Buffer): TracedValue | undefined {
    const value = valueOf(pdu);
    if (value) return value;
    switch (pdu[0] ?? 0) {
      case Att.exchangeMtuRequest:
        if (pdu.length >= 3) this.#askedMtu = pdu.readUInt16LE(1);
        break;
      case Att.exchangeMtuResponse:
        if (pdu.length >= 3) this.#mtu = Math.max(DEFAULT_MTU, Math.min(this.#askedMtu, pdu.readUInt16LE(1)));
        break;
      case Att.readByGroupTypeRequest:
      case Att.readByTypeRequest:
        this.#askedType = shortUuid(uuidOf(pdu, 5, pdu.length));
        break;
      case Att.findByTypeValueRequest:
        this.#askedType = uuidOf(pdu, 5, 7);
        this.#askedService = uuidOf(pdu, 7, pdu.length);
        break;
      case Att.readByGroupTypeResponse:
        if (this.#askedType === PRIMARY_SERVICE) this.#takeServices(pdu);
        break;
      case Att.findByTypeValueResponse:
        if (this.#askedType === PRIMARY_SERVICE) this.#takeServicesOfType(pdu);
        break;
      case Att.readByTypeResponse:
        if (this.#askedType === CHARACTERISTIC) this.#takeCharacteristics(pdu);
        else if (descriptorTypes.test(this.#askedType)) this.#takeDescriptorsOfType(pdu);
        break;
      case Att.findInformationResponse:
        this.#takeDescriptors(pdu);
        break;
    }
    return undefined;
  }

  #takeServices(pdu: Buffer): void {
    for (const [start, end] of entries(pdu, pdu[1] ?? 0, 2, 6)) {
      this.#addService(pdu.readUInt16LE(start), pdu.readUInt16LE(start + 2), uuidOf(pdu, start + 4, end));
    }
  }

  #takeServicesOfType(pdu: Buffer): void {
    for (const [start] of entries(pdu, 4, 1, 4)) {
      this.#addService(pdu.readUInt16LE(start), pdu.readUInt16LE(start + 2), this.#askedService);
    }
  }

  #addService(startHandle: number, endHandle: number, uuid: string): void {
    add(this.#services, startHandle, { uuid, startHandle, endHandle });
  }

  #takeCharacteristics(pdu: Buffer): void {
    for (const [start, end] of entries(pdu, pdu[1] ?? 0, 2, 7)) {
      const valueHandle = pdu.readUInt16LE(start + 3);
      const properties = pdu.readUInt8(start + 2);
      add(this.#characteristics, valueHandle, { uuid: uuidOf(pdu, start + 5, end), valueHandle, properties });
    }
  }

  #takeDescriptorsOfType(pdu: Buffer): void {
    for (const [start] of entries(pdu, pdu[1] ?? 0, 2, 2)) {
      const handle = pdu.readUInt16LE(start);
      add(this.#descriptors, handle, { uuid: this.#askedType, handle });
    }
  }

  #takeDescriptors(pdu: Buffer): void {
    const length = pdu[1] === 1 ? 4 : 18;
    for (const [start, end] of entries(pdu, length, 2, 4)) {
      const handle = pdu.readUInt16LE(start);
      add(this.#descriptors, handle, { uuid: uuidOf(pdu, start + 2, end), handle });
    }
  }
}

/** The entries of a list in which each has `length` octets; none when that is too little to be one. */
function* entries(
  pdu: Buffer,
  length: number,
  first: number,
  shortest: number,
): Generator<readonly [start: number, end: number]> {
  if (length < shortest) return;
  for (let at = first; at + length <= pdu.length; at += length) yield [at, at + length];
}

/** UUIDs of 128 bits that are made from one of 16 bits (Core Specification 5.4, Vol 3, Part B, 2.5.1). */
const base = /^0000([0-9a-f]{4})00001000800000805f9b34fb$/;

/** The UUID of 16 bits from which one of 128 bits is made; others come back as they are. */
export function shortUuid(uuid: string): string {
  return base.exec(uuid)?.[1] ?? uuid;
}

function uuidOf(bytes: Buffer, start: number, end: number): string {
  return Buffer.from(bytes.subarray(start, end).toReversed()).toString('hex');
}

function add<Value>(map: Map<number, Value>, handle: number, value: Value): void {
  if (map.size < MOST_ATTRIBUTES || map.has(handle)) map.set(handle, value);
}

function sorted<Value>(map: ReadonlyMap<number, Value>): readonly Value[] {
  return [...map].toSorted(([a], [b]) => a - b).map(([, value]) => value);
}
