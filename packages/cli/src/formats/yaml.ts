import { stringify } from 'yaml';
import type { DocumentPrinter } from './document.ts';

/** Texts are quoted, so that no version of YAML takes `no` for a boolean or `12:30` for a number. */
export const yaml: DocumentPrinter = (document) =>
  escapeForbidden(
    stringify(document, {
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'PLAIN',
      doubleQuotedAsJSON: true,
      lineWidth: 0,
    }),
  );

/** What YAML 1.1 or 1.2 does not keep in a text as it is, though JSON, whose escapes the library uses, does. */
function escapeForbidden(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
