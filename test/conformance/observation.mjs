// Makes the observation of a case comparable: removes parts that vary between runs, and sorts the keys.

/** @param names texts that stand for others: `[['http://127.0.0.1:1234', '<backend>']]`, the longest first */
export function normalized(observation, names) {
  let text = JSON.stringify(observation ?? null);
  for (const [from, to] of names) text = text.replaceAll(from, to);
  text = text
    .replaceAll(/\([^()"]*; (?:x86_64|aarch64|arm64)\)/g, '(<os>)')
    .replaceAll(/"platformOs":"(?:linux|macos)"/g, '"platformOs":"<os>"')
    .replaceAll(/, expected one of `initialize`[^"]*/g, ', expected one of <methods>');
  return withSortedKeys(JSON.parse(text));
}

function withSortedKeys(value) {
  return mapObjects(value, (entries) => entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Removes `error.data`, which is each server's own. */
export function withoutErrorData(value) {
  return mapObjects(value, (entries, object) =>
    typeof object.code === 'number' && typeof object.message === 'string'
      ? entries.filter(([key]) => key !== 'data')
      : entries,
  );
}

function mapObjects(value, change) {
  if (Array.isArray(value)) return value.map((element) => mapObjects(element, change));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, mapObjects(member, change)]);
  return Object.fromEntries(change(entries, value));
}

/** Lists the places where two observations differ, each `{ path, want, got }`; a missing value is undefined. */
export function differences(want, got, path = '') {
  if (isBranch(want) && isBranch(got) && Array.isArray(want) === Array.isArray(got)) {
    const keys = [...new Set([...Object.keys(want), ...Object.keys(got)])];
    const below = (key) => (Array.isArray(want) ? `${path}[${key}]` : `${path}/${key}`);
    return keys.flatMap((key) => differences(want[key], got[key], below(key)));
  }
  return JSON.stringify(want) === JSON.stringify(got) ? [] : [{ path: path || '/', want, got }];
}

function isBranch(value) {
  return typeof value === 'object' && value !== null;
}

/** Formats differences for people, three lines each. */
export function describeDifferences(list, maxLength = 400) {
  const shown = (value) => {
    const text = value === undefined ? '(not there)' : JSON.stringify(value);
    return text.length > maxLength ? `${text.slice(0, maxLength)}… (${text.length} characters)` : text;
  };
  return list
    .map(({ path, want, got }) => `  ${path}\n    want ${shown(want)}\n    got  ${shown(got)}`)
    .join('\n');
}
