/** Takes a line for the log. What it says of devices and servers is made safe by whoever shows it. */
export type Log = (level: 'error' | 'warn' | 'info' | 'debug', text: string) => void;
