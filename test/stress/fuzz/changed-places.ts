/**
 * Lists the places at which two answers differ, as names with slashes between them. A row of a list is named by its own
 * id, or `+` if the other answer does not have it.
 */
export function changedPlaces(answer: unknown, other: unknown): string[] {
  return differences(keyed(answer), keyed(other));
}

function differences(answer: unknown, other: unknown): string[] {
  if (!isObject(answer) || !isObject(other))
    return JSON.stringify(answer) === JSON.stringify(other) ? [] : [''];
  return [...new Set([...Object.keys(other), ...Object.keys(answer)])].flatMap((name) => {
    if (!Object.hasOwn(other, name)) return ['+'];
    return differences(answer[name], other[name]).map((place) => (place === '' ? name : `${name}/${place}`));
  });
}

/** Replaces each list by an object whose keys identify the rows. */
function keyed(value: unknown): unknown {
  if (Array.isArray(value)) {
    const rows = value.map((row, index) => [rowName(row) ?? String(index), keyed(row)] as const);
    return Object.fromEntries(rows);
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, keyed(member)]));
}

function rowName(row: unknown): string | undefined {
  if (!isObject(row)) return undefined;
  const name = row.id ?? row.messageId ?? row.startDate ?? row.model;
  return typeof name === 'string' ? name : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
