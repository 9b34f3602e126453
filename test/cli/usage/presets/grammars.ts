import type { PresetName } from '../../../../src/cli/usage/presets/names.js';

// Reads an output as each program does, by its own grammar. Throws if the program would not understand it.

/** The content of a bar. */
export interface Shown {
  readonly text: string;
  /** The name or the digits of the colour; undefined for the usual one. */
  readonly colour: string | undefined;
  /** The lines of the tooltip or the menu. */
  readonly details?: readonly string[];
  readonly classes?: readonly string[];
  readonly percentage?: number | undefined;
}

export const grammars: Readonly<Record<PresetName, (output: string) => Shown>> = {
  waybar(output) {
    const json = JSON.parse(matched(/^(.*)\n$/, output)[1] ?? '') as Readonly<Record<string, unknown>>;
    const { text, tooltip, class: classes, alt, percentage, ...others } = json;
    if (Object.keys(others).length > 0 || typeof alt !== 'string') throw new Error(output);
    if (percentage !== undefined && !isPercentage(percentage)) throw new Error(output);
    return {
      text: pangoText(text as string),
      colour: undefined,
      details: pangoText(tooltip as string).split('\n'),
      classes: classes as string[],
      percentage,
    };
  },
  tmux(output) {
    const [, plain, colour, styled] = matched(
      /^(?:((?:[^#\n]|##)*)|#\[fg=(yellow|red|brightblack)\]((?:[^#\n]|##)*)#\[fg=default\])\n$/,
      output,
    );
    return { text: (plain ?? styled ?? '').replaceAll('##', '#'), colour };
  },
  starship: (output) => ({ text: matched(/^(.*)\n$/, output)[1] ?? '', colour: undefined }),
  polybar(output) {
    // A tag is everything from `%{` to `}`.
    const [, colour, text = ''] = matched(/^%\{F(#[\da-f]{6})\}(.*)%\{F-\}\n$/, output);
    if (text.includes('%{')) throw new Error(output);
    return { text, colour };
  },
  i3blocks(output) {
    const [, text = '', , colour] = matched(/^(?:codex )?(.*)\n(.+)\n(#[\da-f]{6})\n$/, output);
    return { text, colour };
  },
  sketchybar(output) {
    const [label, colour, ...others] = shellWords(matched(/^(.*)\n$/, output)[1] ?? '');
    if (others.length > 0) throw new Error(output);
    return {
      text: matched(/^label=(.*)$/, label ?? '')[1] ?? '',
      colour: matched(/^label\.color=0xff([\da-f]{6})$/, colour ?? '')[1],
    };
  },
  swiftbar(output) {
    const lines = output.split('\n');
    const separator = lines.indexOf('---');
    if (separator !== 1 || lines.pop() !== '') throw new Error(output);
    const rows = lines.filter((line) => line !== '---').map(swiftbarRow);
    const [title, ...menu] = rows;
    const last = menu.pop();
    if (last?.text !== 'Refresh' || last.parameters.get('refresh') !== 'true') throw new Error(output);
    return {
      text: (title?.text ?? '').replace(/^codex /, ''),
      colour: title?.parameters.get('color'),
      details: menu.map(({ text }) => text),
    };
  },
  zellij(output) {
    const [before, part = '', ...others] = (matched(/^(.*)\n$/, output)[1] ?? '').split('#[');
    const [, colour, text = ''] = matched(/^fg=(#[\da-f]{6})\](.*)$/, part);
    if (before !== '' || others.length > 0) throw new Error(output);
    return { text, colour };
  },
  'claude-code'(output) {
    const [, codes, text = ''] = matched(
      /^(?:\u001b\[(\d+)m)?(?:codex )?([^\u001b]*?)(?:\u001b\[\d+m)?\n$/,
      output,
    );
    return { text, colour: codes };
  },
};

function matched(pattern: RegExp, text: string): RegExpExecArray {
  const match = pattern.exec(text);
  if (!match) throw new Error(`${JSON.stringify(text)} does not match ${pattern.source}`);
  return match;
}

function isPercentage(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100;
}

/** Reads Pango markup without elements. */
function pangoText(markup: string): string {
  matched(/^(?:[^<>&]|&(?:amp|lt|gt|quot|#39);)*$/, markup);
  const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
  return markup.replace(/&[^;]+;/g, (entity) => entities[entity as '&lt;']);
}

/** Splits a line at spaces, as a shell and xargs do with single quotes and backslashes. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\.|[^\s'\\"$`])+/g) ?? [];
  if (words.join(' ') !== line) throw new Error(line);
  return words.map((word) => word.replace(/'([^']*)'|\\(.)/g, '$1$2'));
}

function swiftbarRow(line: string): { text: string; parameters: ReadonlyMap<string, string> } {
  const [text = '', parameters = '', ...others] = line.split(' | ');
  if (others.length > 0 || text.includes('|') || line.startsWith('--')) throw new Error(line);
  const pairs = parameters.split(' ').map((pair) => matched(/^([a-z]+)=(\S+)$/, pair));
  return { text, parameters: new Map(pairs.map(([, name = '', value = '']) => [name, value])) };
}
