import { setTimeout as pause } from 'node:timers/promises';
import { devEnvironment } from '../../../../src/dev-backend/environment.js';
import { isSameIdentity } from '../../../../src/dev-backend/identity.js';
import type { Lane } from '../lane.js';
import { movedClock } from '../redeemer.js';
import type { RuleEvent, RulePlan } from './rule-plan.js';
import { revokeAll, type Ruler, startRuler } from './ruler.js';
import { answerDelayMs, createScene, type Scene, users } from '../scene.js';

export interface RuleRound {
  readonly violations: readonly string[];
  readonly spent: number;
  readonly ends: readonly string[];
  readonly states: readonly string[];
}

const credits = 2;
const dayMs = 86_400_000;

/** How long a round waits for a request to redeem, and at its end for the work that is left. */
const placeLimitMs = 600;

/** Runs a process with a rule while the events of the plan come, then checks what the backend and the journal have. */
export async function runRuleRound(plan: RulePlan, lane: Lane): Promise<RuleRound> {
  const scene = await createScene(lane);
  const environment = {
    PATH: process.env.PATH,
    HOME: lane.homes[0],
    CODEX_HOME: lane.homes[0],
    ...devEnvironment('http://127.0.0.1:9'),
    ...movedClock(lane.clockPath),
  };
  if (!plan.startsBlocked) showUse(scene, 40, 290);
  const ruler = startRuler(argumentsOf(plan), environment);
  const revocation: Revocation = { keys: undefined };
  let daysAhead = 0;
  try {
    await Promise.race([ruler.nextEnd(), untilInForce(ruler)]);
    for (const event of plan.isAgreed ? plan.events : []) {
      await untilDue(event, scene);
      daysAhead += await apply(event, { scene, ruler, environment, revocation });
    }
    scene.moveClock(0);
    scene.signIn(users.owner);
    scene.replyToConsume = () => ({ delayMs: answerDelayMs });
    await pause(placeLimitMs);
    const hasEnded = await ruler.stop();
    return {
      violations: violationsOf({ plan, scene, ruler, revocation, hasEnded, daysAhead }),
      spent: scene.spent(),
      ends: ruler.ends,
      states: scene.journal().map(({ state }) => state),
    };
  } finally {
    await ruler.stop();
    await scene.close();
  }
}

interface Revocation {
  /** The keys of the attempts that were in the journal when the rule had been revoked. */
  keys: ReadonlySet<string> | undefined;
}

function argumentsOf({ rule, keep, atMost, isAgreed }: RulePlan): string[] {
  const [trigger = ''] = rule.split(' ');
  const options = ['--keep', `${keep}`, '--min-gain', '1h', '--at-most', `${atMost}/1d`];
  return ['--when', trigger, ...options, ...(isAgreed ? ['--consent', rule] : [])];
}

async function untilInForce(ruler: Ruler): Promise<void> {
  while (!ruler.output.stderr.includes('is in force')) await pause(5);
}

async function untilDue({ at }: RuleEvent, scene: Scene): Promise<void> {
  if (typeof at === 'number') return pause(at);
  const reached = new Promise<void>((resolve) => {
    const listen = (place: 'received' | 'carriedOut'): void => {
      if (place !== at) return;
      scene.consumeListeners.delete(listen);
      resolve();
    };
    scene.consumeListeners.add(listen);
  });
  await Promise.race([reached, pause(placeLimitMs)]);
}

/** Returns how many times the rule may redeem more often, because the clock was put a day ahead. */
async function apply(
  { name, value }: RuleEvent,
  given: { scene: Scene; ruler: Ruler; environment: NodeJS.ProcessEnv; revocation: Revocation },
): Promise<number> {
  const { scene, ruler, environment, revocation } = given;
  switch (name) {
    case 'processKilled':
      ruler.kill();
      break;
    case 'serverKilled':
      ruler.killServer();
      break;
    case 'otherAccount':
      scene.signIn(users.stranger);
      break;
    case 'otherUser':
      scene.signIn(users.colleague);
      break;
    case 'signedOut':
      scene.signIn(null);
      break;
    case 'signedIn':
      scene.signIn(users.owner);
      break;
    case 'clockMoved': {
      const byMs = Math.round((value * 2 - 1) * 3 * dayMs);
      scene.moveClock(byMs);
      return byMs >= dayMs ? 1 : 0;
    }
    case 'answerLost': {
      let left = 1 + Math.floor(value * 4);
      const isCarriedOut = value < 0.5;
      scene.replyToConsume = (_key, response) => {
        if ((left -= 1) < 0) return { delayMs: answerDelayMs };
        response.destroy();
        return isCarriedOut ? undefined : 'handled';
      };
      break;
    }
    case 'tooManyRequests': {
      let left = 1 + Math.floor(value * 4);
      const before = scene.replyToUsage;
      scene.replyToUsage = (user) => {
        if ((left -= 1) >= 0) return { status: 429, body: {} };
        scene.replyToUsage = before;
        return before(user);
      };
      break;
    }
    case 'revoked':
      if ((await revokeAll(environment)) !== 0) break;
      revocation.keys ??= new Set(scene.journal().map(({ key }) => key));
      break;
    case 'blockedAgain':
      showUse(scene, 100, 150 + Math.floor(value * 130));
      break;
  }
  return 0;
}

/** Makes the owner's five hours used so far, with this boundary, until the next credit is used. */
function showUse(scene: Scene, usedPercent: number, minsLeft: number): void {
  const spent = scene.spentBy(users.owner);
  const resetAt = Math.floor(Date.now() / 1000) + minsLeft * 60;
  const isFull = usedPercent >= 100;
  scene.replyToUsage = (user) => {
    if (!user || !isSameIdentity(user, users.owner) || scene.spentBy(users.owner) > spent) return undefined;
    return {
      body: {
        account_id: users.owner.accountId,
        user_id: users.owner.userId,
        plan_type: users.owner.plan,
        rate_limit: {
          allowed: !isFull,
          limit_reached: isFull,
          primary_window: { used_percent: usedPercent, limit_window_seconds: 18_000, reset_at: resetAt },
        },
        rate_limit_reset_credits: { available_count: credits - spent },
        rate_limit_reached_type: isFull ? { type: 'rate_limit_reached' } : null,
      },
    };
  };
}

function violationsOf(round: {
  plan: RulePlan;
  scene: Scene;
  ruler: Ruler;
  revocation: Revocation;
  hasEnded: boolean;
  daysAhead: number;
}): string[] {
  const { plan, scene, ruler, revocation, hasEnded, daysAhead } = round;
  const spent = scene.spentBy(users.owner);
  const found: string[] = [];
  const check = (isRight: boolean, text: string): void => {
    if (!isRight) found.push(text);
  };
  const keys = new Set(scene.journal().map(({ key }) => key));
  const consumes = scene.consumes();
  check(plan.isAgreed || consumes.length === 0, 'redeemed without a consent');
  check(scene.spent() === spent, 'a credit of another user was used');
  const isOwn = consumes.every(({ user }) => user && isSameIdentity(user, users.owner));
  check(isOwn, 'a request to redeem as another user');
  check(credits - spent >= plan.keep, `below keep: ${credits - spent} left of ${plan.keep}`);
  const boundaries = 1 + plan.events.filter(({ name }) => name === 'blockedAgain').length;
  check(spent <= boundaries, `double spend: ${spent} credits for ${boundaries} boundaries`);
  check(spent <= plan.atMost * (1 + daysAhead), `more than --at-most: ${spent}`);
  check(
    consumes.every(({ key }) => keys.has(key)),
    'a request that is not in the journal',
  );
  const { keys: before = keys } = revocation;
  check(
    [...keys].every((key) => before.has(key)),
    'an attempt after the revocation',
  );
  check(hasEnded, 'a process hangs');
  check(!/internal|unhandled|    at /i.test(ruler.output.stderr), `unexpected: ${ruler.output.stderr}`);
  return found;
}
