/** Shows bytes as text. */
export type Form = (bytes: Uint8Array) => string;

/** What bytes look like in dumps, in logs of other programs, in sources, in recordings. */
export const forms: Readonly<Record<string, Form>> = {
  'digits without an end': (bytes) => hex(bytes, ''),
  'one long line': (bytes) => hex(bytes, ' '),
  'lines with blanks': (bytes) => lines(bytes, 20, (row) => hex(row, ' ')),
  'lines with blanks in capitals': (bytes) => lines(bytes, 16, (row) => hex(row, ' ').toUpperCase()),
  'lines of digits': (bytes) => lines(bytes, 30, (row) => hex(row, '')),
  colons: (bytes) => lines(bytes, 16, (row) => `${hex(row, ':')}:`),
  commas: (bytes) => lines(bytes, 10, (row) => `${hex(row, ', ')},`),
  dashes: (bytes) => lines(bytes, 20, (row) => hex(row, '-').toUpperCase()),
  dots: (bytes) => lines(bytes, 20, (row) => hex(row, '.')),
  'an array of C': (bytes) =>
    `static const uint8_t frame[300] = {\n${lines(bytes, 12, (row) => `  0x${hex(row, ', 0x')},`)}\n};\n`,
  'an array of C in one line': (bytes) => `uint8_t frame[] = {0x${hex(bytes, ',0x')}};`,
  'a string of C': (bytes) => `const char *frame = "\\x${hex(bytes, '\\x')}";`,
  'one number': (bytes) => `value: 0x${hex(bytes, '')}`,
  xxd: (bytes) => dump(bytes, 16, 2, (at) => `${offset(at, 16, 8)}: `),
  'xxd in groups of four': (bytes) => dump(bytes, 20, 4, (at) => `${offset(at, 16, 8)}: `),
  'hexdump -C': (bytes) => hexdumpC(bytes, true),
  'hexdump -C -v': (bytes) => hexdumpC(bytes, false),
  'od -t x1': (bytes) =>
    squeezed(
      bytes,
      16,
      (row, at) => `${offset(at, 8, 7)} ${hex(row, ' ')}`,
      (end) => offset(end, 8, 7),
    ),
  'od -t x1 of each notification': (bytes) =>
    lines(bytes, 128, (part) =>
      squeezed(
        part,
        16,
        (row, at) => `${offset(at, 8, 7)} ${hex(row, ' ')}`,
        (end) => offset(end, 8, 7),
      ),
    ),
  'od -A d -t x1z': (bytes) =>
    squeezed(
      bytes,
      16,
      (row, at) => `${offset(at, 10, 7)} ${hex(row, ' ').padEnd(47)}  >${visible(row)}<`,
      (end) => offset(end, 10, 7),
    ),
  'a dump of Wireshark': (bytes) => dump(bytes, 16, 1, (at) => `${offset(at, 16, 4)}  `, '   '),
  'a log of ESPHome': (bytes) =>
    lines(
      bytes,
      128,
      (row, at) =>
        `\u001b[0;36m[12:34:${String(at % 60).padStart(2, '0')}][D][jk_bms_ble:0123]: <<< ${hex(row, '.').toUpperCase()} (${row.length})\u001b[0m`,
    ),
  'a log of Python': (bytes) =>
    lines(
      bytes,
      20,
      (row) => `2024-05-06 12:34:56,789 DEBUG from C8:47:80:12:34:56: bytearray(b${python(row)})`,
    ),
  'a log of Python that was quoted': (bytes) =>
    lines(bytes, 20, (row) => `got bytearray(b'\\\\x${hex(row, '\\\\x')}')`),
  'bytes of Python in one line': (bytes) => `b${python(bytes)}`,
  'a log with hexlify': (bytes) => lines(bytes, 20, (row) => `12:34:56 INFO got b'${hex(row, '')}'`),
  'Received notification': (bytes) =>
    lines(bytes, 20, (row) => `[1715000000.123] Received notification: ${hex(row, ' ')}`),
  'chunks in one line': (bytes) =>
    `chunks: ['${lines(bytes, 20, (row) => hex(row, ''))
      .split('\n')
      .join("', '")}']`,
  'chunks with lengths': (bytes) => lines(bytes, 44, (row) => `RX len=${row.length} [${hex(row, ' ')}]`),
  gatttool: (bytes) => lines(bytes, 20, (row) => `Notification handle = 0x000e value: ${hex(row, ' ')} `),
  bluetoothctl: (bytes) =>
    lines(
      bytes,
      20,
      (row) =>
        `[CHG] Attribute /org/bluez/hci0/dev_C8_47_80_12_34_56/service0005/char0006 Value:\n${dump(row, 16, 1, () => '  ')}`,
    ),
  btmon: (bytes) =>
    lines(
      bytes,
      20,
      (row, at) =>
        `> ACL Data RX: Handle 64 flags 0x02 dlen 27   #${at} [hci0] 12.345678\n        Handle: 0x0005\n          Data[${row.length}]: ${hex(row, '')}`,
    ),
  'whole packets, as hcidump -R shows them': (bytes) =>
    lines(bytes, 20, (row) =>
      lines(packet(row), 20, (part, at) => `${at === 0 ? '> ' : '  '}${hex(part, ' ').toUpperCase()} `),
    ),
  'whole packets, as Wireshark shows them': (bytes) =>
    lines(bytes, 128, (row) => `${dump(packet(row), 16, 1, (at) => `${offset(at, 16, 4)}  `, '   ')}\n`),
  'whole packets as arrays of C, as Wireshark copies them': (bytes) =>
    lines(
      bytes,
      128,
      (row, at) =>
        `static const unsigned char pkt${at}[] = {\n${lines(packet(row), 8, (part) => `0x${hex(part, ', 0x')}, /* ${visible(part).replaceAll(/[*/]/g, '.')} */`)}\n};\n`,
    ),
  'busctl monitor': (bytes) =>
    lines(
      bytes,
      128,
      (row) =>
        `  MESSAGE "sa{sv}as" {\n    ARRAY "{sv}" {\n      STRING "Value";\n      ARRAY "y" {\n${lines(row, 1, ([byte]) => `        BYTE ${byte};`)}\n      };\n    };\n  };`,
    ),
  'nRF Connect': (bytes) =>
    lines(
      bytes,
      20,
      (row) =>
        `A\t12:34:56.789\tNotification received from 0000ffe1-0000-1000-8000-00805f9b34fb, value: (0x) ${hex(row, '-').toUpperCase()}`,
    ),
  'a log of ESP-IDF': (bytes) =>
    dump(bytes, 16, 1, (at) => `I (${at}) jk: 0x3ffb${offset(at, 16, 4)}   `).replaceAll(
      / {2}(.{1,16})$/gm,
      '  |$1|',
    ),
  'a recording': (bytes) =>
    lines(
      bytes,
      20,
      (row, at) =>
        `${JSON.stringify({ t: at, dir: 'notify', hex: hex(row, '') })}\n${JSON.stringify({ t: at, dir: 'write', hex: 'aa5590eb97' })}`,
    ),
  'digits that are not padded': (bytes) =>
    lines(bytes, 20, (row) => `buf: ${Array.from(row, (byte) => byte.toString(16)).join(' ')}`),
  'each notification twice, in two notations': (bytes) =>
    lines(
      bytes,
      128,
      (row) =>
        `[bus] {'Value': <Variant ('ay', bytearray(b${python(row)}))>}\n[app] msg(${row.length}): ${hex(row, ' ')}`,
    ),
  'each notification twice, once not padded': (bytes) =>
    lines(
      bytes,
      20,
      (row) =>
        `[bus] {'Value': <Variant ('ay', bytearray(b${python(row)}))>}\n[app] msg: ${Array.from(row, (byte) => byte.toString(16)).join(' ')}`,
    ),
  'each notification on two lines that are the same': (bytes) =>
    lines(bytes, 20, (row, at) => {
      const line = `12:34:56,${100 + at} INFO rx ${hex(row, ' ')}`;
      return `${line}\n${line}`;
    }),
  'addresses of objects between the data': (bytes) =>
    lines(
      bytes,
      128,
      (row, at) =>
        `[app] X: RX BLE data (${at === 0 ? 'start' : 'cnt.'}): ${hex(row, ' ')}\n[app] X: notify instance=0x7f5dbc4a${offset(at, 16, 4)} client object at 0x7f5dbc6fe490> handle=15`,
    ),
  'a number of eight digits before the data': (bytes) =>
    lines(bytes, 20, (row, at) => JSON.stringify({ seq: 10_000_000 + at, data: hex(row, '') })),
  'a time stamp of digits before the data': (bytes) =>
    lines(bytes, 20, (row, at) => `${1_715_000_000_123_456 + at} ${hex(row, ' ')}`),
  'JSON of Wireshark': (bytes) =>
    `[\n${lines(
      bytes,
      20,
      (row, at) => `  {
    "_index": "packets-2024-05-06",
    "_source": {
      "layers": {
        "frame": { "frame.time_epoch": "1715000000.${offset(at, 10, 9)}", "frame.number": "${1000 + at}" },
        "bthci_acl": { "bthci_acl.src.bd_addr": "c8:47:80:12:34:56", "bthci_acl.length": "27" },
        "btatt": { "btatt.opcode": "0x1b", "btatt.handle": "0x0012", "btatt.value": "${hex(row, ':')}" }
      }
    }
  },`,
    )}\n]`,
  'a list of hexadecimal numbers that begins with digits only': (bytes) =>
    lines(bytes, 20, (row) => `data=[10, 20, 30, 40, 50, 60, 70, 80, ff] payload=[${hex(row, ', ')}]`),
  'a list of decimal numbers': (bytes) => lines(bytes, 20, (row) => `value = ${row.join(' ')}`),
  'a list of Java, with signs': (bytes) =>
    lines(bytes, 20, (row) => `D/Ble: changed [${Array.from(row, (byte) => (byte << 24) >> 24).join(', ')}]`),
  'bytes of Go that are not padded, after a time': (bytes) =>
    lines(
      bytes,
      20,
      (row) =>
        `2024/05/06 12:00:00 rx []byte{${Array.from(row, (byte) => `0x${byte.toString(16)}`).join(', ')}}`,
    ),
  'a dump in groups of four with its text after a bar': (bytes) =>
    dump(bytes, 16, 4, (at) => `0x${offset(at, 16, 6)}: `, ' | '),
  'groups of unequal length beside words': (bytes) =>
    lines(
      bytes,
      20,
      (row) =>
        `${hex(row.subarray(0, 4), '')} ${hex(row.subarray(4, 5), '')} ${hex(row.subarray(5), '')} --> on`,
    ),
  'a buffer that is printed while it grows': (bytes) =>
    lines(bytes, 300, (record) =>
      lines(
        record,
        100,
        (_, at) =>
          `12:34:56,789 DEBUG before wipe bytearray(b${python(record.subarray(0, at + 100))})\n12:34:56,789 DEBUG after wipe bytearray(b${python(record.subarray(0, at + 100))})`,
      ),
    ),
  'a buffer that grows with each notification and is emptied when it is full': (bytes) =>
    lines(bytes, 300, (record) =>
      lines(record, 20, (_, at) => `12:34:56 RX buffer ${hex(record.subarray(0, at + 20), ' ')}`),
    ),
  'base64, a notification a line': (bytes) => lines(bytes, 128, base64),
  'base64 in lines of 76': (bytes) => lines(bytes, 300, (record) => `${cut(base64(record), 76)}\n`),
  'JSON of an app, with base64': (bytes) =>
    lines(bytes, 20, (row, at) =>
      JSON.stringify({
        ts: 1_764_500_000 + at,
        uuid: '0000ffe1-0000-1000-8000-00805f9b34fb',
        value: base64(row),
      }),
    ),
  'JSON that escapes slashes and what is at the end of base64': (bytes) =>
    lines(bytes, 128, (row) =>
      JSON.stringify({ value: base64(row) })
        .replaceAll('/', '\\/')
        .replaceAll('=', '\\u003d'),
    ),
  'digits that a terminal has cut within a byte': (bytes) => cut(hex(bytes, ''), 77),
  'a log that a terminal has cut': (bytes) =>
    cut(
      lines(bytes, 128, (row) => `2024-05-06 12:34:56,789 DEBUG notify: bytearray(b${python(row)})`),
      80,
    ),
  'a list of decimal numbers that a terminal has cut, quoted in a mail': (bytes) =>
    cut(
      lines(bytes, 128, (row) => `rx [${row.join(', ')}]`),
      80,
    ).replaceAll(/^/gm, '> '),
  'fields of tshark': (bytes) =>
    lines(bytes, 128, (row, at) => `${10 + (at % 90)}\t0.${10 + (at % 90)}\t${hex(row, ':')}`),
  'a list of hexadecimal strings': (bytes) =>
    lines(bytes, 128, (row) => `['${Array.from(row, (byte) => `0x${byte.toString(16)}`).join("', '")}']`),
  'hexdump without options': (bytes) => words(bytes, 16, (row) => wordsOf(row, 2, 16, 4)),
  'od -x': (bytes) => words(bytes, 8, (row) => wordsOf(row, 2, 16, 4)),
  'od -t x4': (bytes) => words(bytes, 8, (row) => wordsOf(row, 4, 16, 8)),
  'od without options': (bytes) => words(bytes, 8, (row) => wordsOf(row, 2, 8, 6)),
  'od -b': (bytes) => words(bytes, 8, (row) => wordsOf(row, 1, 8, 3)),
  'printf with octal numbers': (bytes) =>
    lines(bytes, 300, (row) => `printf '\\${wordsOf(row, 1, 8, 3).replaceAll(' ', '\\')}'`),
  'escapes of JSON': (bytes) => lines(bytes, 128, (row) => `{"data":"\\u00${hex(row, '\\u00')}"}`),
  percent: (bytes) => lines(bytes, 128, (row) => `%${hex(row, '%')}`),
  'casts of Java': (bytes) =>
    lines(bytes, 300, (row) => `byte[] frame = {(byte) 0x${hex(row, ', (byte) 0x')}};`),
  'an object of JavaScript': (bytes) => lines(bytes, 128, (row) => JSON.stringify(row)),
  'brackets around each byte': (bytes) => lines(bytes, 128, (row) => `[${hex(row, '][')}]`),
  'a table of Markdown': (bytes) => lines(bytes, 20, (row, at) => `| ${10 + (at % 90)} | ${hex(row, ' ')} |`),
  'a page, with an element for each byte': (bytes) =>
    lines(bytes, 128, (row) => `<span>${hex(row, '</span><span>')}</span>`),
  'a colour for each byte': (bytes) =>
    lines(bytes, 128, (row) => `\u001b[32m${hex(row, '\u001b[0m \u001b[32m')}\u001b[0m`),
  'the values of packets of ATT behind their heads': (bytes) =>
    lines(bytes, 128, (row) => `att c84780123456: read: 1b1000${hex(row, '')}`),
  'a log of Python in a page': (bytes) =>
    lines(bytes, 128, (row) => `got b${python(row)}`)
      .replaceAll('&', '&amp;')
      .replaceAll("'", '&#x27;')
      .replaceAll('"', '&quot;')
      .replaceAll('<', '&lt;'),
  'an index before each byte': (bytes) =>
    lines(bytes, 128, (row) => lines(row, 1, ([byte = 0], at) => `buf[${at}] = 0x${byte.toString(16)}`)),
  'an array of PHP': (bytes) =>
    lines(bytes, 128, (row) => `Array\n(\n${lines(row, 1, ([byte], at) => `    [${at}] => ${byte}`)}\n)`),
  'an object of Python': (bytes) =>
    lines(bytes, 128, (row) => JSON.stringify(row).replaceAll(':', ': ').replaceAll(',', ', ')),
  'rows that are short where a notification ends, behind words': (bytes) =>
    lines(bytes, 50, (row) => lines(row, 16, (part) => `I (1234) JK: ${hex(part, ' ')} `)),
  'a list of decimal numbers in rows': (bytes) =>
    lines(bytes, 50, (row) => `[\n${lines(row, 12, (part) => `  ${part.join(', ')},`)}\n]`),
  'columns of numbers with signs': (bytes) =>
    lines(bytes, 16, (row) => Array.from(row, (byte) => String((byte << 24) >> 24).padStart(5)).join('')),
  slashes: (bytes) => lines(bytes, 20, (row) => `rx ${hex(row, '/')}`),
  'braces around each byte': (bytes) => lines(bytes, 20, (row) => `rx {${hex(row, '}{')}}`),
  'unpadded octal escapes': (bytes) =>
    lines(bytes, 128, (row) => {
      const digits = Array.from(row, (byte) => byte.toString(8));
      return `read(5, "\\${digits.join('\\')}", 512) = ${row.length}`;
    }),
  'arrows for both directions': (bytes) =>
    lines(bytes, 128, (row) => `<< ${hex(row, ' ')}\n>> aa 55 90 eb 96 00 00 00 00 00`),
};

/** The forms of which a terminal has cut the lines. What is around them would have been cut, too. */
export const cutForms: ReadonlySet<string> = new Set(
  Object.keys(forms).filter((name) => name.includes('terminal has cut')),
);

/** A notification of the stream as a packet of the controller. */
function packet(value: Uint8Array): Uint8Array {
  const { length } = value; // below 249
  return Uint8Array.from([2, 0x40, 0x20, length + 7, 0, length + 3, 0, 4, 0, 0x1b, 0x10, 0, ...value]);
}

export function hex(bytes: Uint8Array, separator: string): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(separator);
}

function lines(bytes: Uint8Array, size: number, line: (row: Uint8Array, at: number) => string): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += size) rows.push(line(bytes.subarray(at, at + size), at));
  return rows.join('\n');
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/**
 * As a terminal of this width shows a text, or the next wider one at whose edge no line ends: nothing tells such a line from
 * one that was cut.
 */
const cut = (text: string, width: number): string =>
  text.split('\n').some(({ length }) => length % width === 0)
    ? cut(text, width + 1)
    : text.replaceAll(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n');

/** A row as numbers of this many bytes, of which the lowest is first. */
function wordsOf(row: Uint8Array, size: number, radix: number, digits: number): string {
  return lines(row, size, (bytes) =>
    bytes
      .reduceRight((word, byte) => word * 256 + byte, 0)
      .toString(radix)
      .padStart(digits, '0'),
  ).replaceAll('\n', ' ');
}

/** A dump whose offsets are counted in this radix. */
function words(bytes: Uint8Array, radix: number, row: (part: Uint8Array) => string): string {
  return squeezed(
    bytes,
    16,
    (part, at) => `${offset(at, radix, 7)} ${row(part)}`,
    (end) => offset(end, radix, 7),
  );
}

const offset = (at: number, radix: number, digits: number): string =>
  at.toString(radix).padStart(digits, '0');

const visible = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');

function dump(
  bytes: Uint8Array,
  size: number,
  group: number,
  head: (at: number) => string,
  gap = '  ',
): string {
  const width = size * 2 + size / group - 1;
  return lines(bytes, size, (row, at) => {
    const groups = lines(row, group, (part) => hex(part, '')).replaceAll('\n', ' ');
    return `${head(at)}${groups.padEnd(width)}${gap}${visible(row)}`;
  });
}

function hexdumpC(bytes: Uint8Array, squeeze: boolean): string {
  const row = (part: Uint8Array, at: number): string =>
    `${offset(at, 16, 8)}  ${lines(part, 8, (half) => hex(half, ' '))
      .replace('\n', '  ')
      .padEnd(48)}  |${visible(part)}|`;
  const end = (at: number): string => offset(at, 16, 8);
  return squeeze ? squeezed(bytes, 16, row, end) : `${lines(bytes, 16, row)}\n${end(bytes.length)}`;
}

/** Rows that are equal to the one before as `*`, and the length at the end. */
function squeezed(
  bytes: Uint8Array,
  size: number,
  line: (row: Uint8Array, at: number) => string,
  end: (at: number) => string,
): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const row = bytes.subarray(at, at + size);
    const same = at > 0 && row.length === size && hex(row, '') === hex(bytes.subarray(at - size, at), '');
    if (!same) rows.push(line(row, at));
    else if (rows.at(-1) !== '*') rows.push('*');
  }
  return [...rows, end(bytes.length)].join('\n');
}

/** As `repr` of Python prints bytes. */
function python(bytes: Uint8Array): string {
  const escapes: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  const content = Array.from(bytes, (byte) => {
    if (byte === 0x27 && quote === "'") return "\\'";
    const text =
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    return escapes[byte] ?? text;
  });
  return `${quote}${content.join('')}${quote}`;
}
