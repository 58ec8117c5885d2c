import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** How long the thread stays when nobody needs it, in milliseconds: a few megabytes are free again then. */
const IDLE = 30_000;

/** What runs in the thread. It is text because a bundle has no file for it. */
const CODE = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { compareSync } = require(workerData);
  parentPort.on('message', ({ password, hash }) => parentPort.postMessage(compareSync(password, hash)));
`;

/**
 * Compares passwords with hashes of bcrypt in a thread, where that takes a tenth of a second and more from nobody else.
 * It starts when it is needed. It does not keep the process from ending.
 */
export class PasswordThread {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** One comparison at a time: the caller waits for the one before. */
  async compare(password: string, hash: string): Promise<boolean> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const settled = new AbortController();
    const exit = once(worker, 'exit', settled).then(() => {
      throw new Error('the thread that checks passwords has ended');
    });
    try {
      // It rejects with an error that the thread has thrown.
      const answer = once(worker, 'message', settled);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ password, hash });
      const [equal]: unknown[] = await Promise.race([answer, exit]);
      return equal === true;
    } catch (error) {
      this.#end(worker);
      throw error;
    } finally {
      settled.abort();
      exit.catch(() => {});
      this.#idle = setTimeout(() => this.#end(worker), IDLE).unref();
    }
  }

  #start(): Worker {
    const library = createRequire(import.meta.url).resolve('bcryptjs');
    const worker = new Worker(CODE, { eval: true, workerData: library, stdin: false });
    worker.unref();
    return worker;
  }

  #end(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined;
    worker.terminate().catch(() => {});
  }
}
