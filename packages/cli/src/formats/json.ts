import type { DocumentPrinter } from './document.ts';

export const json: DocumentPrinter = (document) => `${JSON.stringify(document)}\n`;

export const jsonPretty: DocumentPrinter = (document) => `${JSON.stringify(document, null, 2)}\n`;
