import type { GattService, Link, LinkEvents } from '@ubmsc/session';

/** Is told of what goes over a link. */
export interface LinkObserver {
  notification(bytes: Uint8Array): void;
  write(bytes: Uint8Array): void;
}

/** A link that tells an observer of what goes over it, and is otherwise as it was. */
export class ObservedLink implements Link {
  readonly #link: Link;
  readonly #observer: LinkObserver;

  constructor(link: Link, observer: LinkObserver) {
    this.#link = link;
    this.#observer = observer;
  }

  get address(): string {
    return this.#link.address;
  }

  get name(): string | undefined {
    return this.#link.name;
  }

  get mtu(): number | undefined {
    return this.#link.mtu;
  }

  get services(): readonly GattService[] | undefined {
    return this.#link.services;
  }

  listen(events: LinkEvents): void {
    this.#link.listen({
      data: (bytes) => {
        this.#observer.notification(bytes);
        events.data(bytes);
      },
      lost: (reason) => events.lost(reason),
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#observer.write(bytes);
    await this.#link.write(bytes);
  }

  changeWriteMode(): void {
    this.#link.changeWriteMode?.();
  }

  async close(): Promise<void> {
    await this.#link.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
