import { scannedDepth } from './json-scan.js';

/** How deep a message, a reply or a stored login may nest: as deep as the reference reads. */
export const maxNesting = 127;

/** Why a text is not parsed. */
export type JsonProblem = 'notJson' | 'tooDeep';

/** An error for a text that is not JSON or nests too deep. */
export class JsonError extends Error {
  readonly problem: JsonProblem;

  constructor(problem: JsonProblem) {
    super(problem === 'notJson' ? 'not JSON' : `nested deeper than ${maxNesting} levels`);
    this.problem = problem;
  }
}

/** Parses a JSON text. Counts its levels before that. @throws JsonError */
export function parseJson(text: string): unknown {
  const problem = hasManyBrackets(text) ? scannedProblem(text) : undefined;
  if (problem !== undefined) throw new JsonError(problem);
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonError('notJson');
  }
}

/**
 * Checks a text without keeping its value. Returns `notJson` for a text that is not JSON, however deep it nests.
 *
 * JSON.parse takes up to 45 times the size of a text in memory, so a long text is scanned instead.
 */
export function jsonProblem(text: string): JsonProblem | undefined {
  if (text.length > maxParsedLength || hasManyBrackets(text)) return scannedProblem(text);
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return 'notJson';
  }
}

const maxParsedLength = 64 * 1024;

/** Reports whether the text may nest too deep. For a usual text, this is faster than counting the levels. */
function hasManyBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if ((count += 1) > maxNesting) return true;
    }
  }
  return false;
}

function scannedProblem(text: string): JsonProblem | undefined {
  const depth = scannedDepth(text);
  if (depth === undefined) return 'notJson';
  return depth > maxNesting ? 'tooDeep' : undefined;
}
