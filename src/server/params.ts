import type { ParsedJson } from '../framing/message-parser.js';
import type { MethodDefinition } from '../protocol/methods.js';
import { AppError } from '../util/errors.js';
import { namedParams } from './params-error.js';

/**
 * The parameters as the method's schema reads them.
 *
 * An array is taken in the order of the members, as the reference does.
 * @throws AppError `invalidRequest` with the texts of wire.md 4 and the wrong member
 */
export function readParams(definition: MethodDefinition, params: ParsedJson | undefined): object {
  if (params === undefined && !definition.paramsOptional) {
    throw new AppError('invalidRequest', 'Invalid request: missing field `params`', {
      details: { member: 'params' },
    });
  }
  const { value, text } = params ?? { value: {}, text: '{}' };
  const read = definition.params.safeParse(value);
  if (read.success) return read.data as object;
  const named = definition.params.safeParse(namedParams(definition.params, text));
  if (named.success) return named.data as object;
  throw new AppError('invalidRequest', 'Invalid request: malformed params', {
    details: { member: named.error.issues[0]?.path.join('.') ?? 'params' },
  });
}
