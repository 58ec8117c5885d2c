/** What the terminal UI shows: batteries that are watched now, or a recording of some. */
export type Mode = 'live' | 'recording';

/** What the terminal UI can show. */
export type ViewName =
  'fleet' | 'compare' | 'battery' | 'cell' | 'alarms' | 'settings' | 'raw' | 'events' | 'help';
