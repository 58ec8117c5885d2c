import { live, type Cases } from './case.ts';

/** What goes wrong up to the stream: on the air, in adapters, while a link is made and kept. */
// A table is read by its columns:
// prettier-ignore
export const casesOfLinks = {
  // Advertising and identity
  'held-by-other': [{ value: '30', seen: ['searching/notHeard'] }, { value: '0', lasts: 300, seen: ['searching/notHeard'] }],
  'stale-session': [{ and: ['flap=10'], seen: ['lost/supervisionTimeout', 'searching/notHeard'] }],
  'out-of-range': [{ seen: ['lost/supervisionTimeout', 'searching/notHeard'] }],
  'name': [live, { value: '\u{1b}[2J', seen: 'live' }],
  'rename': [{ and: ['flap=10'], seen: ['lost/supervisionTimeout'] }],
  'advert': [{ value: '0x0B65', seen: 'live' }, { value: '0xFAD6', seen: 'live' }, { value: '0x4B4A', seen: 'live' }],
  'rssi': [live],
  'impostor': [{ value: 'ant', seen: ['refused/notJk'] }, { value: 'uart', seen: ['refused/echo'] }],

  // Adapters of centrals
  'scan-mute': [{ seen: ['lost/adapterGone'] }],
  'scan-stop-after': [live, { value: '1', and: ['held-by-other=40'], lasts: 90, seen: ['searching/notHeard'] }],
  'stop-hang': [{ and: ['flap=10'], seen: ['lost/supervisionTimeout'] }],
  'foreign-links': [{ value: '1', seen: 'live' }],
  'state-stuck': [{ and: ['mute-after=5'], seen: ['lost/silent'] }],
  'vanish': [{ seen: ['lost/adapterGone'] }],
  'power-cycle': [{ seen: ['mute/silent', 'lost/silent'] }, { value: '60', lasts: 120, seen: ['lost/silent'] }],

  // Links
  'connect-hang': [{ lasts: 120, seen: ['lost/connectTimeout'] }],
  'lost-connection-complete': [{ lasts: 120, seen: ['lost/connectTimeout'] }],
  'drop-after': [{ value: '0', seen: ['lost/setupFailed'] }, { value: '400', seen: ['lost/setupFailed'] }],
  'flap': [{ value: '20', seen: ['lost/supervisionTimeout'] }, { value: '3', seen: ['lost/supervisionTimeout'] }, { value: '10,0.5', seen: ['lost/supervisionTimeout'] }],
  'pairing': [
    { value: 'required', seen: ['lost/pairingRequired'] },
    { value: 'kick', seen: ['lost/closedByBattery'] },
    { value: 'echo', seen: ['refused/echo'] },
    { value: 'request', seen: 'live' },
  ],
  'mute-after': [{ seen: ['quiet/silent', 'mute/silent', 'lost/silent'] }, { value: '0', seen: ['lost/silent'] }],
  'no-disconnect-event': [{ and: ['flap=10'], seen: ['quiet/silent', 'mute/silent', 'lost/silent'] }],

  // GATT
  'gatt': [
    { value: 'empty', seen: ['lost/noServices'] },
    { value: 'ff00', seen: ['refused/noSerialService'] },
    { value: 'full', seen: 'live' },
    { value: 'old-module', seen: 'live' },
  ],
  'discovery-hang': [{ seen: ['lost/discoveryTimeout'] }],
  'subscribe-hang': [{ seen: ['lost/subscribeTimeout'] }],
  'mtu': [{ value: '23', seen: 'live' }, { value: '131', seen: 'live' }, { value: '247', gatt: 'L5', seen: 'live' }],
  'mtu-exchange': [live],
  'write': [{ value: 'withResponse-only', seen: 'live' }, { value: 'withoutResponse-only', seen: 'live' }],
  'answer-at-once': [live],
  'dup-notify': [{ value: '1', seen: 'live' }, { value: '0.3', seen: 'live' }, { value: '1', and: ['mtu=23'], seen: 'live' }],
  'swap-notify': [{ value: '0.05', lasts: 300, seen: 'live' }, { value: '0.01', and: ['mtu=23'], lasts: 600, seen: 'live' }],
  'drop-notify': [{ value: '0.02', lasts: 300, seen: 'live' }, { value: '0.01', and: ['mtu=23'], lasts: 600, seen: 'live' }],
  'cccd-reset': [{ seen: ['quiet/silent', 'mute/silent', 'lost/silent'] }],

  // Requests and stream
} as const satisfies Cases;
