import { isUtf8 } from 'node:buffer';
import { AppError } from '../../util/errors.js';
import { explainedCode, type FileContent } from '../../util/files/watched-file.js';
import { textFromUtf8 } from '../../util/text/utf8.js';
import { readValues, type Values } from './keys.js';
import type { LayerSource } from './layers.js';
import type { Table } from './table.js';
import { isTomlError, parseToml } from './toml.js';

/** The settings of one source. */
export interface Layer {
  readonly source: LayerSource;
  /** Everything that the source says. */
  readonly table: Table;
  /** The part of `table` that this server reads. */
  readonly values: Values;
}

/** The content of a file, or the settings of the command line. */
export type LayerContent = FileContent | { readonly table: Table };

/**
 * Reads a layer. Resolves with undefined if its file does not exist.
 * @throws AppError `configInvalid` with the file, and the line and column or the key
 */
export async function readLayer(source: LayerSource, content: LayerContent): Promise<Layer | undefined> {
  const refuse = (where: string, cause?: unknown): AppError =>
    new AppError('configInvalid', `invalid configuration at ${source.file ?? '-c'}${where}`, { cause });
  if ('errorCode' in content) {
    if (content.errorCode === 'ENOENT') return undefined;
    throw refuse(`: cannot be read (${explainedCode(content.errorCode)})`);
  }
  const table = 'table' in content ? content.table : await tableFrom(content, refuse);
  const read = readValues(source.layer, table);
  if ('wrongKey' in read) throw refuse(`: ${read.wrongKey}`);
  return { source, table, values: read.values };
}

async function tableFrom(
  bytes: Buffer,
  refuse: (where: string, cause?: unknown) => AppError,
): Promise<Table> {
  if (!isUtf8(bytes)) throw refuse(': not UTF-8');
  try {
    return await parseToml(textFromUtf8(bytes));
  } catch (error) {
    if (!isTomlError(error)) throw error;
    throw refuse(`:${error.line}:${error.column}`, error);
  }
}
