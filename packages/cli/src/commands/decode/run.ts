import {
  ACKNOWLEDGE,
  explainRequest,
  FRAME_LENGTH,
  variants,
  type ExplainedRequest,
  type Request,
  type Variant,
} from '@ubmsc/protocol';
import { UnknownDeviceError } from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import { AnyFrames } from '../../decode/frame-source.ts';
import type { Found } from '../../decode/found.ts';
import { Pages } from '../../decode/pages.ts';
import { readInput } from '../../read-input.ts';
import { Report } from '../../decode/report.ts';
import { toResult } from '../../decode/to-result.ts';
import { exitCodes } from '../../exit-codes.ts';
import { findFormat, formats, labelOf, type Entry } from '../../formats/index.ts';
import type { Options } from '../../command-line/options.ts';
import { print } from '../../output.ts';

export interface DecodeCommandOptions extends Pick<
  Options,
  'format' | 'showSecrets' | 'metricPrefix' | 'deviceInfo' | 'cellData' | 'variant'
> {
  /** How each field comes about, in place of the values. */
  readonly explain?: boolean | undefined;
  /** Unknown and reserved fields, too. */
  readonly raw?: boolean | undefined;
}

/**
 * Prints what the frames of a capture say: of a file, or of standard input for `-`; as they are, in any text that shows
 * them, or in a capture of Bluetooth. What is not a frame, or cannot be decoded, is reported on standard error. Throws an UnknownDeviceError when
 * nothing could be decoded, a UsageError when the input cannot be read.
 */
export async function decode(
  file: string,
  options: DecodeCommandOptions,
  signal: AbortSignal,
): Promise<number> {
  const format = findFormat(options.format);
  if (!format) throw new Error(`no format ${options.format}`);
  if ((options.explain || options.raw) && format === formats.metrics) {
    const option = options.explain ? '--explain' : '--raw';
    throw new UsageError(`metrics have no ${option}`, `leave out ${option} or --format metrics`);
  }
  if (file === '-' && process.stdin.isTTY) process.stderr.write('ubmsc: reading standard input\n');
  const report = new Report((line) => process.stderr.write(`ubmsc: ${line}\n`));
  const pages = await Pages.of(format, options, print);
  const source = new AnyFrames(options.variant, (line) => process.stderr.write(`ubmsc: ${line}\n`));

  let { variant } = options;
  const showRequest = (request: Request): Promise<void> | undefined => {
    const explained = explainRequest(request, variant ?? 'jk02-32s', options);
    report.explained(explained);
    if (!options.explain) return undefined;
    return pages.add(
      {
        device: `request ${report.requests}`,
        simulated: false,
        records: { request: requestEntries(explained) },
      },
      'request',
    );
  };

  // Most frames wait for nothing: a promise for each of them would take longer than to decode it.
  const show = (found: Found): Promise<void> | undefined => {
    if ('kind' in found) {
      report.other(found);
      return found.kind === 'request' && found.command !== ACKNOWLEDGE ? showRequest(found) : undefined;
    }
    if ('verdict' in found) {
      report.withoutVariant(found, found.verdict);
      return undefined;
    }
    const { record } = found.frame;
    const result = toResult(found, found.variant, options);
    if (!result) {
      report.withoutLayout(found, found.variant);
      return undefined;
    }
    report.decoded(record, found.variant);
    if (found.misfit !== undefined) report.misfit(found, found.variant, found.misfit);
    variant = found.variant;
    const all = !options.deviceInfo && !options.cellData;
    const isShown =
      all || (record === 'deviceInfo' && options.deviceInfo) || (record === 'cellData' && options.cellData);
    return isShown ? pages.add(result, record) : undefined;
  };
  const showAll = async (items: readonly Found[]): Promise<void> => {
    for (const found of items) {
      const printed = show(found);
      if (printed) await printed;
    }
  };

  for await (const chunk of readInput(file, signal)) {
    await showAll(source.push(chunk));
  }
  await showAll(source.end());
  await pages.end();
  if (pages.leftOut > 0) {
    process.stderr.write(`ubmsc: ${pages.leftOut} frames are too many for this format and left out\n`);
  }
  report.end();
  if (report.frames.decoded > 0) return exitCodes.ok;
  if (report.frames.refused === 0 && report.requests > 0) return exitCodes.ok;
  throw nothingDecoded(source.bytes, report, options.variant);
}

/** What a request asks for, as entries of any format. */
function requestEntries({ unit, ...explained }: ExplainedRequest): Entry[] {
  return Object.entries({ ...explained, unit }).map(([key, value]) => ({ key, label: labelOf(key), value }));
}

function nothingDecoded(
  bytes: number,
  { frames: { refused }, isOnlyAcknowledged, maker }: Report,
  given: Variant | undefined,
): UnknownDeviceError {
  if (maker !== undefined) {
    return new UnknownDeviceError(
      `these bytes are of another device, not of a JK BMS: ${maker}`,
      'use a program for that device',
    );
  }
  if (refused > 0) {
    return new UnknownDeviceError(
      `no frame could be decoded${given ? ` as ${given}` : ''}`,
      given
        ? 'leave out --variant: the layout is told from the frames'
        : `if you know what the device speaks, give --variant ${variants.slice(0, -1).join(', ')} or ${variants.at(-1)}`,
    );
  }
  if (bytes === 0) {
    return new UnknownDeviceError(
      'there are no bytes in the input',
      'give a capture as it is, or as hexadecimal text',
    );
  }
  if (isOnlyAcknowledged) {
    return new UnknownDeviceError(
      'there is no record in the input, only an acknowledge',
      'a record begins with 55 AA EB 90 and has 300 bytes',
    );
  }
  return new UnknownDeviceError(
    `there is no complete frame in the input${bytes < FRAME_LENGTH ? `: it is truncated, to ${bytes} bytes` : ''}`,
    'a frame begins with 55 AA EB 90 and has 300 bytes; give all of them, in their order',
  );
}
