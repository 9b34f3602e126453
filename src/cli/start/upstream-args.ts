/** A part of a command line, as `parseArgs` of node returns it. */
interface Token extends Partial<OptionToken> {
  readonly kind: string;
  readonly name?: string;
}

/** An option of the command line with its value. */
interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  /** Whether the value is in the same argument. */
  readonly inlineValue?: boolean | undefined;
}

/** Returns the value of `-c`. In the argument `-c=a=b`, the first `=` is not a part of it. */
export function configText({ rawName, value, inlineValue }: OptionToken): string | undefined {
  return rawName === '-c' && inlineValue ? value?.replace(/^=/, '') : value;
}

/** Options that the real codex takes behind `app-server`, too. The others only stand in front of it. */
const behindServer = new Set(['config', 'enable', 'disable', 'strict-config', 'analytics-default-enabled']);

/** Ours, and those that choose the transport: the real one always gets its stdin and stdout from us. */
const notPassed = new Set(['upstream', 'read-only', 'listen', 'stdio', 'help', 'version']);

/** Values of `--ask-for-approval` that clients still send, and that codex refuses. */
const refusedApprovals = new Set(['untrusted', 'on-failure']);

/**
 * Returns the arguments for the real codex: the options of the client that it takes, in their order. Without one that it
 * refuses, which would end it.
 *
 * @param known the options that codex has
 */
export function upstreamArgs(tokens: readonly Token[], known: object): string[] {
  const args: string[] = [];
  let isSubcommandSeen = false;
  for (const token of tokens) {
    const { kind, name = '', value } = token;
    if (kind === 'positional' && value === 'app-server' && !isSubcommandSeen) {
      isSubcommandSeen = true;
      args.push(value);
    }
    if (kind !== 'option' || notPassed.has(name) || !Object.hasOwn(known, name)) continue;
    if (name === 'ask-for-approval' && refusedApprovals.has(value ?? '')) continue;
    if (isSubcommandSeen && !behindServer.has(name)) continue;
    const given = name === 'config' ? configText({ rawName: '', ...token }) : value;
    args.push(given === undefined ? `--${name}` : `--${name}=${given}`);
  }
  return isSubcommandSeen ? args : [...args, 'app-server'];
}
