import type { InitializeParams } from './initialize.js';

/** Longer lines are left to the whole server. */
const maxLength = 16 * 1024;

/**
 * Reads a line that is an `initialize` request beyond doubt: ASCII, an id without surprises, no member twice, every
 * member that we know of the type it should have. Undefined for any other line, right or wrong: that one needs the
 * whole server, whose answer to what is read here is the same.
 */
export function readPlainInitialize(line: string): { idText: string; params: InitializeParams } | undefined {
  if (line.length > maxLength || !/^\{[\t\x20-\x7e\r]*$/.test(line)) return undefined;
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return undefined;
  }
  // A repeated member, an odd number and a needless escape are lost on the way through the parser.
  if (JSON.stringify(message) !== withoutBlanks(line)) return undefined;
  const { id, method, params, trace, ...others } = message as Record<string, unknown>;
  if (method !== 'initialize' || trace !== undefined || 'result' in others || 'error' in others)
    return undefined;
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return undefined;
  return isPlainParams(params) ? { idText: JSON.stringify(id), params } : undefined;
}

function withoutBlanks(line: string): string {
  return line.replace(/("(?:[^"\\]|\\.)*")|[\t \r]+/g, '$1');
}

function isPlainParams(params: unknown): params is InitializeParams {
  if (!isObject(params) || !isObject(params.clientInfo)) return false;
  const { name, version, title } = params.clientInfo;
  if (typeof name !== 'string' || typeof version !== 'string' || !isNullish(title, isString)) return false;
  return isNullish(params.capabilities, isPlainCapabilities);
}

const flags = [
  'requiredHumanApproval',
  'explicitGatewayOauth',
  'experimentalApi',
  'requestAttestation',
  'mcpServerOpenaiFormElicitation',
];

function isPlainCapabilities(value: unknown): boolean {
  if (!isObject(value) || value.extensions !== undefined) return false;
  const areFlags = flags.every((name) => value[name] === undefined || typeof value[name] === 'boolean');
  return areFlags && isNullish(value.optOutNotificationMethods, isListOfTexts);
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isString);
}

function isNullish(value: unknown, isRight: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || isRight(value);
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
