import { parseArgs } from 'node:util';

type Options = Readonly<
  Record<
    string,
    | { readonly type: 'boolean'; readonly short?: string; readonly default?: boolean }
    | { readonly type: 'string'; readonly multiple?: boolean }
  >
>;

/** The values of `parseArgs` for these options. */
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

/**
 * Reads the options of a command as `parseArgs` of node does, which takes a millisecond to load. It is used only for
 * arguments that are not plain options with their values.
 *
 * @throws Error as `parseArgs` does
 */
export function readOptions<const T extends Options>(args: readonly string[], options: T): Values<T> {
  return plainOptions(args, options) ?? parseArgs({ args: [...args], options }).values;
}

/** Returns undefined if an argument is not an option of its own, or a value after one. */
function plainOptions<T extends Options>(args: readonly string[], options: T): Values<T> | undefined {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) {
    if ('default' in option) values[name] = option.default;
  }
  for (let index = 0; index < args.length; index += 1) {
    const [, name = ''] = /^--([a-z-]+)$/.exec(args[index] ?? '') ?? [];
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) return undefined;
    if (option.type === 'boolean') values[name] = true;
    else {
      index += 1;
      const value = args[index];
      if (value === undefined || value.startsWith('-')) return undefined;
      values[name] = option.multiple ? [...((values[name] as string[] | undefined) ?? []), value] : value;
    }
  }
  return values as Values<T>;
}

/** Returns the first of these options that is given; undefined if none is. */
export function givenOption<Name extends string>(
  values: Readonly<Partial<Record<Name, unknown>>>,
  names: readonly Name[],
): Name | undefined {
  return names.find((name) => values[name] !== undefined && values[name] !== false);
}
