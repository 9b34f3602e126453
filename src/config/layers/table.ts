/** A TOML table. */
export type Table = Readonly<Record<string, unknown>>;

/** Merges two tables, and the tables in them. Of two other values, lists included, the stronger one counts. */
export function mergeTables(weak: Table, strong: Table): Table {
  const merged = Object.entries(strong).map(([key, value]) => {
    const other = memberOf(weak, key);
    return [key, isTable(other) && isTable(value) ? mergeTables(other, value) : value] as const;
  });
  return Object.fromEntries([...Object.entries(weak), ...merged]);
}

/** Returns a copy of the table with a value at the end of a path of keys. */
export function withValueAt(table: Table, [key = '', ...rest]: readonly string[], value: unknown): Table {
  if (rest.length === 0) return { ...table, [key]: value };
  const inner = memberOf(table, key);
  return { ...table, [key]: withValueAt(isTable(inner) ? inner : {}, rest, value) };
}

/** Returns the dotted path of each value that is not a table. */
export function leafPaths(table: Table): string[] {
  return Object.entries(table).flatMap(([key, value]) =>
    isTable(value) ? leafPaths(value).map((path) => `${key}.${path}`) : [key],
  );
}

/** Returns a member of a table, and never one that it inherits, such as `constructor`. */
function memberOf(table: Table, key: string): unknown {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

export function isTable(value: unknown): value is Table {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && !Array.isArray(value) && !(value instanceof Date);
}
