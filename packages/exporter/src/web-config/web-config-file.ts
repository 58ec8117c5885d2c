import { unwatchFile, watchFile } from 'node:fs';
import type { Log } from '../log.ts';
import { readWebConfig, type WebConfig } from './web-config.ts';

/** How often the files are looked at, in milliseconds. */
const INTERVAL = 5000;

/** A web configuration that is read again when it, or a certificate that it names, has changed. */
export class WebConfigFile implements Disposable {
  readonly #file: string;
  readonly #log: Log;
  #current: WebConfig;
  #watched: readonly string[] = [];
  #reading: Promise<void> = Promise.resolve();
  readonly #listeners: (() => void)[] = [];
  readonly #onChange = (): void => void this.reload();

  private constructor(file: string, config: WebConfig, log: Log) {
    this.#file = file;
    this.#current = config;
    this.#log = log;
    this.#watch();
  }

  /** @throws {UsageError} it cannot be read, or is not valid. */
  static async open(file: string, log: Log): Promise<WebConfigFile> {
    return new WebConfigFile(file, await readWebConfig(file), log);
  }

  get current(): WebConfig {
    return this.#current;
  }

  /** Calls `listener` when another configuration is in force. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Reads it again. One that is not valid is logged, and changes nothing. */
  async reload(): Promise<void> {
    this.#reading = this.#reading.then(async () => await this.#reload());
    await this.#reading;
  }

  [Symbol.dispose](): void {
    for (const file of this.#watched) unwatchFile(file, this.#onChange);
    this.#watched = [];
  }

  async #reload(): Promise<void> {
    try {
      const config = await readWebConfig(this.#file);
      const before = this.#current;
      if (
        (config.tls === undefined) !== (before.tls === undefined) ||
        config.tls?.clientCertificate !== before.tls?.clientCertificate ||
        config.tls?.asksForCertificate !== before.tls?.asksForCertificate
      ) {
        this.#log('error', `${this.#file} stays as it was: to turn TLS on or off, start the exporter again`);
        return;
      }
      // An editor, a full disk or a deployment may empty it for a moment: that must not open the door.
      if (config.users.size === 0 && before.users.size > 0) {
        this.#log(
          'warn',
          `${this.#file} stays as it was: it has no users any more; to ask for no password, start the exporter again`,
        );
        return;
      }
      this.#current = config;
      this.#watch();
      for (const listener of this.#listeners) listener();
      this.#log('info', `${this.#file} was read again`);
    } catch (error) {
      this.#log(
        'error',
        `${this.#file} stays as it was: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #watch(): void {
    if (this.#watched.join('\n') === this.#current.files.join('\n')) return;
    this[Symbol.dispose]();
    this.#watched = this.#current.files;
    for (const file of this.#watched)
      watchFile(file, { persistent: false, interval: INTERVAL }, this.#onChange);
  }
}
