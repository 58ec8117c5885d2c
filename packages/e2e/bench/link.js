// How many frames come through bleno, two virtual controllers and noble, beside the stream parser alone.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { logChannelName } from '@ubmsc/base';
import { openAdapter } from '@ubmsc/client';
import { Ether } from '@ubmsc/hci';
import { advertise, SimulatedDevice } from '@ubmsc/simulator';
import { cut, frames, parseInPieces, profile } from './frames.js';
import { measure, printTable, ratios, spread } from './measure.js';

/**
 * @typedef {import('@ubmsc/simulator').Central} Central
 * @typedef {import('@ubmsc/simulator').GattLayoutName} GattLayoutName
 */

const ROUNDS = 12;

/** How long one sample takes, in milliseconds. */
const SAMPLE_TIME = 300;

/** More packets than the 8 that a controller takes at once, so that bleno always has one to send. */
const FRAMES_ON_THE_WAY = 8;

/** Bytes of an ATT_MTU that a notification does not carry. */
const ATT_HEADER = 3;

/** A battery that sends a frame whenever it is told to, instead of two in a second. */
class TalkativeDevice extends SimulatedDevice {
  /** @type {Central | undefined} */
  central;
  sent = 0;

  /**
   * @override
   * @param {Central} central
   */
  connect(central) {
    this.central = central;
    return super.connect(central);
  }

  sendFrame() {
    const frame = frames[this.sent++ % frames.length] ?? new Uint8Array();
    for (const piece of cut(frame, this.notificationSize)) this.central?.notify(piece);
  }

  get notificationSize() {
    if (!this.central) throw new Error('nobody is connected');
    return this.central.notificationSize;
  }
}

/**
 * Calls back for each cell frame that the stream parser of a client's battery finds. The client says so in its log,
 * which costs little beside the way that the frame has come.
 *
 * @param {() => void} onFrame
 * @returns what ends it
 */
function watchFrames(onFrame) {
  /** @param {any} message of type LogMessage */
  const onMessage = ({ level, text }) => {
    if (level === 'trace' && text.includes('cell data')) onFrame();
  };
  subscribe(logChannelName, onMessage);
  return () => unsubscribe(logChannelName, onMessage);
}

/**
 * Frames per second that come through: for each one that has arrived another is sent, until the time is up.
 *
 * @param {TalkativeDevice} device
 */
async function framesPerSecond(device) {
  const start = performance.now();
  let elapsed = 0;
  let received = 0;
  device.sent = 0;
  await new Promise((resolve) => {
    const stop = watchFrames(() => {
      received++;
      elapsed = performance.now() - start;
      if (elapsed < SAMPLE_TIME) device.sendFrame();
      else if (received === device.sent) resolve(stop());
    });
    while (device.sent < FRAMES_ON_THE_WAY) device.sendFrame();
  });
  return received / (elapsed / 1000);
}

/**
 * A device in an ether of its own, and an adapter that has connected to it.
 *
 * @param {GattLayoutName} gatt decides the ATT_MTU
 */
async function connect(gatt) {
  const ether = new Ether();
  const device = new TalkativeDevice({ profile: { ...profile, gatt } });
  const advertisement = await advertise(device, ether);
  const adapter = await openAdapter(ether);
  await adapter.open(advertisement.name);
  const close = async () => {
    await adapter.close();
    await advertisement.close();
    ether.close();
  };
  return { device, size: device.notificationSize, close };
}

export async function benchmarkLink() {
  const large = await connect('L2');
  const small = await connect('L1');
  const [parseLarge, parseSmall] = [parseInPieces(large.size), parseInPieces(small.size)];
  const rates = await measure('link', ROUNDS, {
    large: () => framesPerSecond(large.device),
    largeAlone: () => 1e9 / parseLarge(),
    small: () => framesPerSecond(small.device),
    smallAlone: () => 1e9 / parseSmall(),
  });
  await large.close();
  await small.close();
  /** @param {'large' | 'small'} name @param {'largeAlone' | 'smallAlone'} alone */
  const row = (name, alone) => [
    spread(rates[name], 0),
    spread(rates[alone], 0),
    spread(
      ratios(rates[name], rates[alone]).map((ratio) => ratio * 100),
      2,
    ),
  ];
  printTable(
    ['noble and bleno', 'frames per second', 'stream parser alone', '% of it'],
    [
      [`ATT_MTU ${large.size + ATT_HEADER}`, ...row('large', 'largeAlone')],
      [`ATT_MTU ${small.size + ATT_HEADER}`, ...row('small', 'smallAlone')],
    ],
  );
}
