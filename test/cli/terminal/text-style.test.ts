import { expect, test } from 'vitest';
import { textStyleFor } from '../../../src/cli/terminal/text-style.js';

const terminal = { isTTY: true, columns: 100 };
const pipe = {};

test.each([
  ['a terminal', terminal, {}, true],
  ['NO_COLOR', terminal, { NO_COLOR: '1' }, false],
  ['a dumb terminal', terminal, { TERM: 'dumb' }, false],
  ['a pipe', pipe, {}, false],
  ['a pipe with FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true],
  ['a pipe with FORCE_COLOR=0', pipe, { FORCE_COLOR: '0' }, false],
  ['both variables', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
])('colours for %s', (_name, stream, environment, hasColour) => {
  expect(textStyleFor(stream, environment).hasColour).toBe(hasColour);
});

test.each([
  [{ LANG: 'de_DE.UTF-8' }, true, 'de-DE'],
  [{ LANG: 'C.UTF-8' }, true, 'en-GB'],
  [{ LANG: 'en_US.utf8', LC_TIME: 'fr_FR.utf8' }, true, 'fr-FR'],
  [{ LANG: 'ja_JP.UTF-8', LC_ALL: 'C' }, false, 'en-GB'],
  [{ LANG: 'ja_JP.eucJP' }, false, 'en-GB'],
  [{ LANG: 'no such locale at all.UTF-8' }, true, 'en-GB'],
  [{}, false, 'en-GB'],
])('signs and times for %j', (environment, hasUnicode, locale) => {
  expect(textStyleFor(terminal, environment, 'linux')).toMatchObject({ hasUnicode, locale });
});

test.each([
  [{}, true, new Intl.DateTimeFormat().resolvedOptions().locale],
  [{ LANG: 'de_DE.UTF-8' }, true, 'de-DE'],
  [{ LANG: 'C' }, false, 'en-GB'],
])('signs and times on Windows for %j', (environment, hasUnicode, locale) => {
  expect(textStyleFor(terminal, environment, 'win32')).toMatchObject({ hasUnicode, locale });
});

test.each([
  [terminal, {}, 100],
  [{ isTTY: true, columns: 0 }, {}, 80],
  [pipe, { COLUMNS: '40' }, 40],
  [pipe, { COLUMNS: 'wide' }, 80],
  [pipe, {}, 80],
])('the width of %j with %j', (stream, environment, columns) => {
  expect(textStyleFor(stream, environment).columns).toBe(columns);
});

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  [':Asia/Tokyo', 'Asia/Tokyo'],
])('the time zone of TZ=%s', (variable, timeZone) => {
  expect(textStyleFor(terminal, { TZ: variable }).timeZone).toBe(timeZone);
});

test('an unknown time zone is replaced by that of the system, or UTC', () => {
  const { timeZone } = textStyleFor(terminal, { TZ: 'Mars/Olympus' });
  expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow();
});
