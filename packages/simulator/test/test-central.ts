import type { Duplex } from 'node:stream';
import {
  encodeCommand,
  encodePacket,
  H4Decoder,
  PacketBoundary,
  parseEvent,
  parsePacket,
  type CommandName,
  type Ether,
  type HciEvent,
} from '@ubmsc/hci';

const ATT_CHANNEL = 4;

/** The commands whose answers matter here. */
const commandNames = ['HCI_LE_Set_Scan_Parameters', 'HCI_LE_Set_Scan_Enable', 'HCI_Disconnect'] as const;

/** Lets everything happen that is due: enough turns for the longest chain of deliveries. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => void setImmediate(resolve));
}

/** A Bluetooth LE central at the level of HCI and ATT: keeps what it hears, and does what a test tells it. */
export class TestCentral {
  /** Advertising data and scan responses in hexadecimal, by address. */
  readonly heard = new Map<string, Set<string>>();
  /** Commands that were answered. */
  readonly answered: CommandName[] = [];
  readonly connections: number[] = [];
  readonly disconnections: number[] = [];
  /** ATT PDUs of the peripheral. */
  readonly pdus: Buffer[] = [];
  readonly #stream: Duplex;
  #partial = Buffer.alloc(0);

  private constructor(stream: Duplex) {
    this.#stream = stream;
    const decoder = new H4Decoder();
    stream.on('data', (chunk: Buffer) => {
      for (const bytes of decoder.push(chunk)) {
        const packet = parsePacket(bytes);
        const event = parseEvent(packet);
        if (event) this.#take(event);
        if (packet.type === 'aclData') this.#assemble(packet.data);
      }
    });
  }

  static async open(ether: Pick<Ether, 'open'>): Promise<TestCentral> {
    const central = new TestCentral(ether.open());
    await central.command('HCI_Reset');
    await central.command('HCI_Set_Event_Mask', 'fffffbff07f8bf3d');
    return central;
  }

  async command(name: CommandName, parameters = ''): Promise<void> {
    this.#stream.write(encodeCommand(name, Buffer.from(parameters, 'hex')));
    await settle();
  }

  /** Listens until everybody who advertises has been received. */
  async scan(): Promise<string[]> {
    this.heard.clear();
    await this.command('HCI_LE_Set_Scan_Parameters', '01100010000000');
    await this.command('HCI_LE_Set_Scan_Enable', '0100');
    await this.command('HCI_LE_Set_Scan_Enable', '0000');
    return [...this.heard.keys()].toSorted();
  }

  /** Waits for the connection only as long as a peripheral that advertises needs; cancels it otherwise. */
  async connect(address: string): Promise<boolean> {
    const before = this.connections.length;
    const peer = address.split(':').toReversed().join('');
    await this.command('HCI_LE_Create_Connection', `100010000000${peer}001200120000002a0000000000`);
    if (this.connections.length > before) return true;
    await this.command('HCI_LE_Create_Connection_Cancel');
    return false;
  }

  async disconnect(): Promise<void> {
    await this.command('HCI_Disconnect', `${hex16(this.#handle)}13`);
  }

  /** Sends an ATT PDU and returns those that came until all was quiet. */
  async att(pdu: string): Promise<string[]> {
    const before = this.pdus.length;
    const payload = Buffer.from(pdu, 'hex');
    const data = Buffer.concat([Buffer.from(hex16(payload.length) + hex16(ATT_CHANNEL), 'hex'), payload]);
    this.#stream.write(
      encodePacket({
        type: 'aclData',
        connectionHandle: this.#handle,
        packetBoundary: PacketBoundary.firstNonFlushable,
        broadcast: 0,
        data,
      }),
    );
    await settle();
    return this.pdus.slice(before).map((answer) => answer.toString('hex'));
  }

  /** Characteristics of the service with this UUID of two bytes: value handle, properties, UUID. */
  async characteristics(service: string): Promise<{ handle: number; properties: number; uuid: string }[]> {
    const little = Buffer.from(service, 'hex').toReversed();
    const [found = ''] = await this.att(`060100ffff0028${Buffer.from(little).toString('hex')}`);
    const range = Buffer.from(found, 'hex');
    const last = range.readUInt16LE(3);
    const rows = [];
    for (let start = range.readUInt16LE(1); start <= last;) {
      const [pdu = ''] = await this.att(`08${hex16(start)}${hex16(last)}0328`);
      const answer = Buffer.from(pdu, 'hex');
      if (answer[0] !== 0x09) break;
      for (let at = 2; at < answer.length; at += answer.readUInt8(1)) {
        start = answer.readUInt16LE(at) + 1;
        const uuid = answer.readUInt16LE(at + 5).toString(16);
        rows.push({ handle: answer.readUInt16LE(at + 3), properties: answer.readUInt8(at + 2), uuid });
      }
    }
    return rows;
  }

  /** Values of the notifications so far. */
  get notifications(): Buffer[] {
    return this.pdus.filter((pdu) => pdu[0] === 0x1b).map((pdu) => pdu.subarray(3));
  }

  close(): void {
    this.#stream.destroy();
  }

  get #handle(): number {
    return this.connections.at(-1) ?? 0;
  }

  #take(event: HciEvent): void {
    if (event.event === 'commandComplete') {
      const name = commandNames.find((each) => encodeCommand(each).readUInt16LE(1) === event.opcode);
      if (name) this.answered.push(name);
    }
    if (event.event === 'leAdvertisingReport') {
      const { address } = event.advertiser;
      this.heard.set(address, (this.heard.get(address) ?? new Set()).add(event.data.toString('hex')));
    }
    if (event.event === 'leConnectionComplete' && event.status === 0)
      this.connections.push(event.connectionHandle);
    if (event.event === 'disconnectionComplete') this.disconnections.push(event.reason);
  }

  /** One L2CAP PDU may come in several packets. */
  #assemble(data: Buffer): void {
    this.#partial = Buffer.concat([this.#partial, data]);
    const length = 4 + this.#partial.readUInt16LE(0);
    if (this.#partial.length < length) return;
    this.pdus.push(this.#partial.subarray(4, length));
    this.#partial = Buffer.alloc(0);
  }
}

function hex16(value: number): string {
  return Buffer.from([value & 0xff, value >> 8]).toString('hex');
}
