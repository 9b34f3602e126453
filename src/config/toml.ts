/** TOML, read by smol-toml, which is loaded with the first text. Large integers are bigints, so that none is refused. */
export async function parseToml(text: string): Promise<Record<string, unknown>> {
  const { parse } = await import('smol-toml');
  return parse(text, { integersAsBigInt: true });
}

export interface TomlErrorPlace {
  readonly line: number;
  readonly column: number;
}

export function isTomlError(error: unknown): error is Error & TomlErrorPlace {
  return error instanceof Error && 'line' in error && 'column' in error;
}
