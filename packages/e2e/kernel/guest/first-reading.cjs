// first-reading.cjs user|root: where the time of a first reading goes, from what the simulator has captured.
const { spawn, spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');

const user =
  process.argv[2] === 'user' ? { uid: 1000, gid: 1000, env: { ...process.env, HOME: '/home/user' } } : {};
const nodeBegan = Date.now();
spawnSync('node', ['-e', '0']);
const nodeAlone = Date.now() - nodeBegan;

/** Microseconds from year 0 to 1970, from where btsnoop counts. */
const EPOCH = 0x00dcddb30f2f8000n;

/** Packets of a capture: when, in ms since 1970, and what. */
function* packets(capture) {
  for (let at = 16; at + 24 <= capture.length;) {
    const length = capture.readUInt32BE(at + 4);
    const time = Number(capture.readBigUInt64BE(at + 16) - EPOCH) / 1000;
    yield { time, packet: capture.subarray(at + 24, at + 24 + length) };
    at += 24 + length;
  }
}

const began = Date.now();
const command = spawn('node', ['/ubmsc/bin/ubmsc.cjs', 'watch', '-f', 'json'], user);
let text = '';
command.stderr.pipe(process.stderr);
command.stdout.on('data', (data) => {
  text += data;
  if (!text.includes('cell_voltage')) return;
  const printed = Date.now();
  command.stdout.removeAllListeners();
  command.once('exit', () => tell(printed)).kill();
});

function tell(printed) {
  const moments = { node: began + nodeAlone };
  const first = (name, time) => (moments[name] ??= time);
  for (const { time, packet } of packets(readFileSync('/tmp/sent.btsnoop'))) {
    if (time < began || time > printed) continue;
    const opcode = packet[0] === 0x01 ? packet.readUInt16LE(1) : 0;
    if ([0x200c, 0x2042].includes(opcode) && packet[4] === 1) first('scan asked', time);
    const isEvent = packet[0] === 0x04 && packet[1] === 0x3e;
    if (isEvent && [0x02, 0x0d].includes(packet[3])) first('battery received', time);
    if ([0x200d, 0x2043].includes(opcode)) first('connection asked', time);
    if (isEvent && [0x01, 0x0a].includes(packet[3])) first('connected', time);
    if (packet[0] !== 0x02 || packet.readUInt16LE(7) !== 4) continue;
    if (packet[9] === 0x52 || packet[9] === 0x12) moments['request sent'] ??= time;
    if (packet[9] !== 0x1b) continue;
    if (packet.subarray(12, 17).toString('hex') === '55aaeb9002') moments.record = time;
    else if (moments.record !== undefined) moments['record sent'] = time;
  }
  delete moments.record;
  const sorted = Object.entries({ ...moments, printed }).toSorted(([, one], [, other]) => one - other);
  let before = began;
  for (const [name, time] of sorted) {
    console.log(`${name}: ${Math.round(time - began)} ms, ${Math.round(time - before)} after the one before`);
    before = time;
  }
}
