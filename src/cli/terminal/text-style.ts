import { styleText } from 'node:util';
import { timeZoneOf } from './time-zone.js';

/** The form of texts on a terminal: width, colour, characters, time zone and locale. */
export interface TextStyle {
  /** The longest line. */
  readonly columns: number;
  readonly hasColour: boolean;
  readonly hasUnicode: boolean;
  /** An IANA name that Intl knows. */
  readonly timeZone: string;
  /** A BCP 47 tag that Intl knows; times are written in it. */
  readonly locale: string;
}

/** The time and the style with which a text is rendered. */
export interface RenderContext {
  readonly nowMs: number;
  readonly textStyle: TextStyle;
}

export type PaintStyle = 'red' | 'yellow' | 'green' | 'bold' | 'dim';

/** Adds the escape sequences of a style, if there are colours. */
export function paint(style: PaintStyle, text: string, { hasColour }: Pick<TextStyle, 'hasColour'>): string {
  // `hasColour` is about the stream that the text is for; styleText would look at stdout.
  return hasColour ? styleText(style, text, { validateStream: false }) : text;
}

/**
 * Derives the form of texts for a stream from the stream and the user's environment. Windows sets no variable for
 * characters and locale: its consoles show Unicode, and Intl knows the locale.
 */
export function textStyleFor(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: NodeJS.ProcessEnv,
  platform = process.platform,
): TextStyle {
  const { NO_COLOR, FORCE_COLOR, COLUMNS, TZ, LC_ALL, LC_CTYPE, LC_TIME, LANG } = environment;
  const isTerminal = canRedraw(stream, environment);
  const characters = LC_ALL || LC_CTYPE || LANG;
  const hasUnicode = characters ? /utf-?8/i.test(characters) : platform === 'win32';
  // Intl takes milliseconds to load, so a text without times does without it.
  let timeZone: string | undefined;
  let locale: string | undefined;
  return {
    columns: columnsFrom(stream.columns, COLUMNS),
    hasColour: !NO_COLOR && (isTerminal || isSwitchedOn(FORCE_COLOR)),
    hasUnicode,
    get timeZone() {
      return (timeZone ??= timeZoneOf(TZ));
    },
    get locale() {
      // The month names of other locales may need more than ASCII.
      return (locale ??= hasUnicode ? localeFrom(LC_ALL || LC_TIME || LANG || '', platform) : defaultLocale);
    },
  };
}

/** Returns whether the stream is a terminal on which text can be replaced. */
export function canRedraw(stream: { readonly isTTY?: boolean }, { TERM }: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && TERM !== 'dumb';
}

const defaultColumns = 80;

/** A narrower width is taken for an error. */
const leastColumns = 10;

function columnsFrom(ofStream: number | undefined, variable: string | undefined): number {
  // A terminal reports 0 columns if it does not know its width.
  const columns = ofStream === undefined || ofStream === 0 ? Number(variable) : ofStream;
  return columns >= leastColumns ? Math.floor(columns) : defaultColumns;
}

function isSwitchedOn(variable: string | undefined): boolean {
  return Boolean(variable) && variable !== '0' && variable !== 'false';
}

/** English, as the texts are, with a 24-hour clock. */
const defaultLocale = 'en-GB';

function localeFrom(variable: string, platform: NodeJS.Platform): string {
  const isOfSystem = variable === '' && platform === 'win32';
  return isOfSystem ? new Intl.DateTimeFormat().resolvedOptions().locale : knownLocale(variable);
}

/** Turns a POSIX locale into a BCP 47 tag: `de_DE.UTF-8` becomes `de-DE`. */
function knownLocale(variable: string): string {
  const tag = variable.replace(/[.@].*$/, '').replaceAll('_', '-');
  if (tag === '' || tag === 'C' || tag === 'POSIX') return defaultLocale;
  try {
    new Intl.DateTimeFormat(tag);
    return tag;
  } catch {
    return defaultLocale;
  }
}
