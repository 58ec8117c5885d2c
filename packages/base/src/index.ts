/** The version of the package. */
export const version = '0.1.0';
export { isLeftOver, replaceFile, syncFolder, type AtomicFileOptions } from './atomic-file.ts';
export { stateFolder } from './state-folder.ts';
