import { gunzipSync } from 'node:zlib';
import { http, HttpResponse, type RequestHandler } from 'msw';

/** A server that is pushed to: it takes what comes, or fails as a test says. */
export class TestEndpoint {
  /** The texts that were taken, in the order in which they came. */
  readonly taken: string[] = [];
  /** How many requests have come. */
  requests = 0;
  /** How bodies came. */
  readonly encodings = new Set<string | undefined>();
  /** Answers instead of taking the text, when it gives an answer. */
  fault: (text: string) => Response | undefined = () => undefined;

  handler(url: string): RequestHandler {
    return http.all(url, async ({ request }) => {
      this.requests++;
      const body = Buffer.from(await request.arrayBuffer());
      const encoding = request.headers.get('content-encoding') ?? undefined;
      this.encodings.add(encoding);
      const text = (encoding === 'gzip' ? gunzipSync(body) : body).toString();
      const answer = this.fault(text);
      if (answer) return answer;
      this.taken.push(text);
      return new HttpResponse(null, { status: 204 });
    });
  }

  /** Lines of samples that were taken. */
  get lines(): readonly string[] {
    return this.taken.flatMap((text) =>
      text.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
    );
  }
}
