/** What texts for people depend on, besides what they tell. */
export interface Look {
  /** Lines are no wider. */
  readonly columns: number;
  readonly hasColour: boolean;
  readonly hasUnicode: boolean;
  /** An IANA name that Intl knows. */
  readonly timeZone: string;
  /** A BCP 47 tag that Intl knows; it decides how times are written. */
  readonly locale: string;
}

/** How texts have to look on this stream, from what the environment says of the person. */
export function lookFor(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: NodeJS.ProcessEnv,
): Look {
  const { NO_COLOR, FORCE_COLOR, COLUMNS, TERM, TZ, LC_ALL, LC_CTYPE, LC_TIME, LANG } = environment;
  const isTerminal = stream.isTTY === true && TERM !== 'dumb';
  const hasUnicode = /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
  return {
    columns: columnsFrom(stream.columns, COLUMNS),
    hasColour: !NO_COLOR && (isTerminal || isSwitchedOn(FORCE_COLOR)),
    hasUnicode,
    timeZone: knownTimeZone(TZ),
    // A foreign month may need more than ASCII.
    locale: hasUnicode ? knownLocale(LC_ALL || LC_TIME || LANG || '') : defaultLocale,
  };
}

const defaultColumns = 80;

/** Below it nothing can be shown. */
const leastColumns = 10;

function columnsFrom(ofStream: number | undefined, variable: string | undefined): number {
  // A terminal that does not know its width says 0.
  const columns = ofStream === undefined || ofStream === 0 ? Number(variable) : ofStream;
  return columns >= leastColumns ? Math.floor(columns) : defaultColumns;
}

function isSwitchedOn(variable: string | undefined): boolean {
  return Boolean(variable) && variable !== '0' && variable !== 'false';
}

/** That of the system where TZ is not set or not known; UTC where the system's is unknown too. */
function knownTimeZone(variable: string | undefined): string {
  const candidates = [variable?.replace(/^:/, ''), new Intl.DateTimeFormat().resolvedOptions().timeZone];
  return (
    candidates.find((name) => name && isUsable(() => new Intl.DateTimeFormat('en', { timeZone: name }))) ??
    'UTC'
  );
}

/** English with a 24-hour clock, as the texts are English. */
const defaultLocale = 'en-GB';

/** `de_DE.UTF-8` becomes `de-DE`. */
function knownLocale(variable: string): string {
  const tag = variable.replace(/[.@].*$/, '').replaceAll('_', '-');
  if (tag === '' || tag === 'C' || tag === 'POSIX') return defaultLocale;
  return isUsable(() => new Intl.DateTimeFormat(tag)) ? tag : defaultLocale;
}

function isUsable(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}
