// same-stream.cjs SECONDS RECORDING...: what each recording holds is, byte for byte, what the simulator sent in one piece.
const { readdirSync, readFileSync } = require('node:fs');

const [seconds, ...recordings] = process.argv.slice(2);
const sent = readdirSync('/tmp')
  .filter((name) => /^sent.*\.btsnoop$/.test(name))
  .map((name) => notified(readFileSync(`/tmp/${name}`)));

/** The values of all notifications in a capture (Core Specification, Vol 3, Part F, 3.4.7.1). */
function notified(capture) {
  const values = [];
  for (let at = 16; at < capture.length;) {
    const length = capture.readUInt32BE(at + 4);
    const packet = capture.subarray(at + 24, at + 24 + length);
    const isAttribute = packet[0] === 0x02 && packet.readUInt16LE(7) === 0x0004;
    if (isAttribute && packet[9] === 0x1b) values.push(packet.subarray(12));
    at += 24 + length;
  }
  return Buffer.concat(values);
}

for (const file of recordings) {
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const received = Buffer.concat(lines.flatMap(({ notify }) => (notify ? [Buffer.from(notify, 'hex')] : [])));
  const records = received.toString('latin1').split('\x55\xaa\xeb\x90\x02').length - 1;
  const from = sent.find((bytes) => bytes.includes(received));
  if (!from) throw new Error(`${file}: ${received.length} bytes were not sent like this`);
  // A battery sends cell data at least once in a second.
  if (records < Number(seconds)) throw new Error(`${file}: only ${records} records in ${seconds} s`);
  console.log(`${lines[0].device.name}: ${records} records, ${received.length} bytes, as they were sent`);
}
