/**
 * The places at which an answer differs from another one, names with slashes between them. A row of a list goes by its
 * own id; one that the other answer does not have is at `+`.
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

/** Lists of rows by what tells the rows apart. */
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
