import { type Method, methods } from '../protocol/methods.js';
import { paramShapes } from '../protocol/param-shapes.js';
import { AppError } from '../util/errors.js';
import { valueFromText } from './params-reader.js';

/**
 * The parameters of a method.
 *
 * @throws AppError `invalidRequest` with the texts of wire.md 4 and the wrong member
 */
export function readParams(method: Method, paramsText: string | undefined): object {
  if (paramsText === undefined && !methods[method].paramsOptional) {
    throw new AppError('invalidRequest', 'Invalid request: missing field `params`', {
      details: { member: 'params' },
    });
  }
  return valueFromText(paramShapes[method], paramsText ?? '{}') as object;
}
