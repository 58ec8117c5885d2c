import { live, type Cases } from './case.ts';

/** What goes wrong in the stream of a battery, and what it says. */
// A table is read by its columns:
// prettier-ignore
export const casesOfStreams = {
  // Requests and stream
  'lost-request': [{ value: '1', lasts: 120, seen: 'live' }, { value: '2', lasts: 300, seen: 'live' }],
  'no-answer': [{ value: 'all', seen: ['lost/noAnswer'] }, { value: '0x97', seen: ['lost/noAnswer'] }, { value: '0x96', seen: ['lost/silent'] }, { value: '0xa1', seen: 'live' }],
  'firmware': [{ profile: 'JK_B2A20S20P', seen: 'live' }],
  'write-pauses-stream': [live],
  'stop-after': [{ seen: ['quiet/silent'] }],
  'freeze': [{ lasts: 150, seen: ['mute/frozen', 'lost/frozen'] }],
  'freeze-payload': [{ lasts: 150, seen: ['mute/frozen', 'lost/frozen'] }],
  'start-offset': [{ value: '256', seen: 'live' }, { value: '1', seen: 'live' }, { value: '299', seen: 'live' }],
  'cadence': [{ value: '200', seen: 'live' }, { value: '1000', seen: 'live' }, { value: '5000', lasts: 300, seen: 'live' }],
  'crosstalk': [{ batteries: 2, lasts: 300, seen: 'live' }],

  // Framing
  'at-flood': [{ value: '10', seen: 'live' }, { value: '150', seen: 'live' }, { value: 'inline', seen: 'live' }, { value: 'split', seen: 'live' }],
  'tail': [{ value: '0', seen: 'live' }, { value: '4', seen: 'live' }, { value: '20', seen: 'live' }],
  'ready': [{ value: 'after-frame', seen: 'live' }, { value: 'separate', seen: 'live' }],
  'glue': [live],
  'split-header': [live],
  'truncate': [{ value: '0.1', lasts: 300, seen: 'live' }],
  'payload-header': [live],
  'corrupt': [{ value: 'swap', lasts: 300, seen: 'live' }, { value: 'swap,1', lasts: 120, seen: 'live' }],
  'drop-zero': [{ value: '0.1', lasts: 300, seen: 'live' }],
  'crc-rate': [{ value: '0.2', lasts: 300, seen: 'live' }, { value: '1', lasts: 120, seen: ['lost/noAnswer'] }],
  'truncate-forever': [{ seen: ['lost/silent'] }],
  'type': [{ value: '0x06', seen: 'live' }, { value: '0x05', seen: 'live' }, { value: '0xC8', seen: 'live' }, { value: '0x01', seen: 'live' }],

  // Variant and version
  'layout': [
    { value: 'jk02-24s', profile: 'JK_B2A20S20P', seen: 'live' },
    { value: 'jk02-32s', profile: 'JK-BD6A17S6P', seen: ['refused/unknownLayout'] },
    { value: 'jk04', profile: 'JK-B2A16S', seen: 'live' },
    { value: 'jk04', profile: 'JK_BD4A8S4P', seen: ['refused/unknownLayout'] },
  ],
  'hw': [{ value: 'V19A', seen: 'live' }, { value: '10.XW', and: ['sw=11.21h'], seen: 'live' }, { value: '15H', seen: 'live' }, { value: '', seen: 'live' }],
  'sw': [{ value: '25.01', seen: 'live' }, { value: '20.20', seen: 'live' }, { value: '', seen: 'live' }],
  'model-junk': [live],

  // Values
  'no-cells': [live],
  'zero-cell': [live],
  'cells': [{ value: '3', seen: 'live' }, { value: '15', profile: 'JK_PB2A16S20P', seen: 'live' }],
  'sentinels': [live],
  'alarm': [{ value: 'cellOverVoltage', seen: 'live' }, { value: 'changePassword', seen: 'live' }],
  'soc-jump': [live],
  'counter-reset': [live],
  'spike': ['stateOfCharge', 'packCurrent', 'packVoltage', 'temperature1', 'cellVoltages', 'enabledCells', 'remainingCapacity', 'chargeMosOn'].flatMap((field) => [0.02, 0.1].map((share) => ({ value: `${field},${share}`, lasts: 600, seen: 'live' }))),
  'string': [{ value: 'ansi', seen: 'live' }, { value: 'ff', seen: 'live' }],
  'nan': [{ seen: 'live' }, { profile: 'JK-B2A16S', seen: 'live' }],
} as const satisfies Cases;
