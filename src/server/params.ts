import type { ParsedJson } from '../framing/message-parser.js';
import { type Method, methods } from '../protocol/methods.js';
import { paramShapes } from '../protocol/param-shapes.js';
import { AppError } from '../util/errors.js';
import { valueFromText } from './params-reader.js';

/**
 * The parameters of a method.
 *
 * @throws AppError `invalidRequest` with the texts of wire.md 4 and the wrong member
 */
export function readParams(method: Method, params: ParsedJson | undefined): object {
  if (params === undefined && !methods[method].paramsOptional) {
    throw new AppError('invalidRequest', 'Invalid request: missing field `params`', {
      details: { member: 'params' },
    });
  }
  return valueFromText(paramShapes[method], params?.text ?? '{}') as object;
}
