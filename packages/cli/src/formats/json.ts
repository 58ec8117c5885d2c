import { toDocument } from './document.ts';
import type { Renderer } from './result.ts';

export const json: Renderer = (result, options) => `${JSON.stringify(toDocument(result, options))}\n`;

export const jsonPretty: Renderer = (result, options) =>
  `${JSON.stringify(toDocument(result, options), null, 2)}\n`;
