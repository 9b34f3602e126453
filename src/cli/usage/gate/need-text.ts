import type { Need } from '../../../limits/needs/needs.js';
import { windowName } from '../../../limits/windows.js';

/**
 * Reads the needs of `--need`, such as `10080:20,300:10,budget:5,tightest:15,credits:1`.
 *
 * @throws Error whose message says what is wrong
 */
export function readNeeds(text: string): Need[] {
  const needs = text.split(',').map(readNeed);
  const names = needs.map(needKey);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`--need names ${twice} twice`);
  return needs;
}

function readNeed(text: string): Need {
  const [, word = '', value = ''] = /^([a-z]+|5h|[1-9]\d{0,8}):(\d{1,9})$/.exec(text) ?? [];
  const name = Object.hasOwn(lengths, word) ? `${lengths[word as keyof typeof lengths]}` : word;
  const number = Number(value);
  if (name === 'credits') return { limit: 'credits', count: number };
  const isNumber = /^\d/.test(name);
  if (!isNumber && name !== 'budget' && name !== 'tightest') {
    throw new Error(
      `--need takes needs such as 10080:20, budget:5, tightest:15 or credits:1, separated by commas, not '${text}'; 300 is five hours, 10080 a week`,
    );
  }
  if (number > 100) throw new Error(`--need takes percentages from 0 to 100, not '${text}'`);
  return isNumber
    ? { limit: 'window', windowDurationMins: Number(name), leftPercent: number }
    : { limit: name as 'budget' | 'tightest', leftPercent: number };
}

/** The windows that have a name of their own, in minutes. */
const lengths = { '5h': 300, day: 1_440, week: 10_080, month: 43_200 } as const;

/** Returns the part of a need before its colon. */
export function needKey(need: Need): string {
  return need.limit === 'window' ? `${need.windowDurationMins}` : need.limit;
}

const names = {
  budget: 'spend limit',
  tightest: 'tightest limit',
  credits: 'reset credits',
} as const;

/** Returns the name of what a need is about. */
export function needName(need: Need): string {
  return need.limit === 'window' ? windowName(need.windowDurationMins) : names[need.limit];
}
