/** Parses TOML. Loads smol-toml on first use. All integers are bigints, so large ones are accepted. */
export async function parseToml(text: string): Promise<Record<string, unknown>> {
  const { parse } = await import('smol-toml');
  return parse(text, { integersAsBigInt: true });
}

export interface TomlErrorPosition {
  readonly line: number;
  readonly column: number;
}

export function isTomlError(error: unknown): error is Error & TomlErrorPosition {
  return error instanceof Error && 'line' in error && 'column' in error;
}
