/** Schemas by their names, and the methods that have params of these types. */
export interface SchemaSet {
  readonly types: Readonly<Record<string, object>>;
  readonly methods: Readonly<Record<string, { readonly direction: string; readonly params: object }>>;
}

export interface Differences {
  readonly same: readonly string[];
  readonly added: readonly string[];
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  readonly newMethods: readonly string[];
  readonly known: readonly string[];
}

export function compareSchemas(
  ours: SchemaSet,
  theirs: SchemaSet,
  known?: Readonly<Record<string, string>>,
): Differences;
