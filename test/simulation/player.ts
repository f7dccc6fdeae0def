import { v7 as uuid } from 'uuid';
import { type Dice } from '../support/random.js';
import { type Service } from '../support/service.js';
import { type Act } from './act.js';
import { isUntold, type Changes, type Committed } from './changes.js';
import { CrashGate, type Crash } from './crash.js';
import { GATE_HEADER, through, withGate, type Gate } from './gates.js';
import { Turns } from './turns.js';

/** What became of one act. */
export interface Outcome {
  status: number;
  /** The code of a refusal. */
  code: string;
  /** An answer that was given before. */
  again: boolean;
  text: string;
}

/** What became of a step: one line for the reader, what to count it as, and what is wrong, if anything. */
export interface Played {
  line: string;
  counts: string[];
  wrong: string[];
}

const done = ({ status }: Outcome): boolean => status >= 200 && status < 300;
const shown = ({ status, code, again }: Outcome): string =>
  `${status}${code ? ` ${code}` : ''}${again ? ' again' : ''}`;
const counted = (act: Act, outcome: Outcome): string => `${act.name} ${shown(outcome)}`;

/** A token works for ninety days: people sign in anew well before. */
const SIGNED_IN_MS = 30 * 86_400_000;

/** Plays acts against the service, with what goes wrong on the way, and sees what they left behind. */
export class Player {
  private readonly seen = new Map<string, number>();
  private signedInAt = 0;
  deadlocks = 0;

  constructor(
    private readonly service: Service,
    private readonly changes: Changes,
  ) {}

  /** One act, undisturbed. */
  async plain(act: Act): Promise<Played> {
    await this.ready([act]);
    const gate = new CrashGate({ how: 'unheard', at: 0 }, this.service.admin);
    const outcome = await this.send(act, uuid(), gate);
    this.seen.set(act.name, gate.statements);
    const wrong = [...oddAnswer(act, outcome), ...(await this.effects([act], [outcome]))];
    return { line: `${told(act)} → ${shown(outcome)}`, counts: [counted(act, outcome)], wrong };
  }

  /** One act that comes to grief somewhere, and is then asked for once more as it was; a sweep runs again. */
  async crashed(act: Act, dice: Dice): Promise<Played> {
    if (act.method === 'PUT') return this.plain(act);
    await this.ready([act]);
    const crash = this.crash(act, dice);
    const gate = new CrashGate(crash, this.service.admin);
    const key = uuid();
    const first = await this.send(act, key, gate);
    const wrong = afterCrash(act, crash, gate, first);
    const between = await this.changes.taken();
    const second = await this.send(act, key);
    wrong.push(...oddAnswer(act, second));
    const after = await this.changes.taken();
    const all = [...between, ...after];
    if (all.some(isUntold))
      wrong.push(`changed without an entry of the trail: ${JSON.stringify(all.filter(isUntold))}`);
    if (act.sweep) wrong.push(...sweptTooOften(act, all));
    else wrong.push(...answeredOnce({ between, all }, first, second));
    const how =
      gate.fired || crash.how === 'unheard' ? `${crash.how}${crash.how === 'unheard' ? '' : ` ${crash.at}`}` : 'spared';
    return {
      line: `${told(act)} → ${how}: ${shown(first)}, then ${shown(second)}`,
      counts: [counted(act, second), ...(how === 'spared' ? [] : [`crash ${crash.how}`])],
      wrong,
    };
  }

  /** Several acts at once, statement by statement in an order the dice decide. */
  async atOnce(acts: readonly Act[], dice: Dice): Promise<Played> {
    await this.ready(acts);
    const { turns, outcomes } = await this.mixed(
      acts.map((act) => ({ act, key: uuid() })),
      dice,
    );
    const wrong = acts.flatMap((act, at) => oddAnswer(act, outcomes[at]!));
    wrong.push(...(await this.effects(acts, outcomes)));
    const lines = acts.map((act, at) => `${told(act)} → ${shown(outcomes[at]!)}`);
    return {
      line: `${lines.join('  ‖  ')}  [${turns.order}]`,
      counts: [...acts.map((act, at) => counted(act, outcomes[at]!)), 'two at once'],
      wrong,
    };
  }

  /** One act sent twice at once under one key; a sweep of two processes at once. */
  async twice(act: Act, dice: Dice): Promise<Played> {
    if (act.method === 'PUT') return this.plain(act);
    await this.ready([act]);
    const key = uuid();
    const { turns, outcomes } = await this.mixed(
      [
        { act, key },
        { act, key },
      ],
      dice,
    );
    const wrong = outcomes.flatMap((outcome) => oddAnswer(act, outcome));
    const written = await this.changes.taken();
    const [first] = outcomes.filter((outcome) => done(outcome));
    if (act.sweep) wrong.push(...sweptTooOften(act, written));
    else if (written.length !== (first ? 1 : 0))
      wrong.push(`${written.length} transactions for one key: ${JSON.stringify(written)}`);
    if (outcomes.some((outcome) => done(outcome) && outcome.text !== first!.text)) wrong.push('one key, two answers');
    return {
      line: `${told(act)} twice → ${outcomes.map(shown).join(', ')}  [${turns.order}]`,
      counts: [...outcomes.map((outcome) => counted(act, outcome)), 'one key twice at once'],
      wrong,
    };
  }

  private async mixed(sent: readonly { act: Act; key: string }[], dice: Dice) {
    const turns = new Turns(this.service.admin, dice);
    const outcomes = await turns.run(
      sent.map(
        ({ act, key }) =>
          (gate: Gate) =>
            this.send(act, key, gate),
      ),
    );
    this.deadlocks += turns.deadlocks;
    return { turns, outcomes };
  }

  /** Signs everybody in first: a token is a change too. */
  private async ready(acts: readonly Act[]): Promise<void> {
    const now = this.service.clock.now().getTime();
    if (now - this.signedInAt > SIGNED_IN_MS) {
      this.service.signInAgain();
      this.signedInAt = now;
    }
    for (const { by, sweep } of acts) if (!sweep) await this.service.token(by);
    await this.changes.taken();
  }

  private crash(act: Act, dice: Dice): Crash {
    const how = dice.pick(['killed', 'killed', 'failed', 'unanswered', 'unanswered', 'unheard'] as const);
    const at = how === 'unanswered' ? 1 + dice.upTo(2) : 1 + dice.upTo((this.seen.get(act.name) ?? 12) + 1);
    return { how, at };
  }

  /** As many transactions as acts that were done, each with its entry of the trail; nothing for what was refused. */
  private async effects(acts: readonly Act[], outcomes: readonly Outcome[]): Promise<string[]> {
    const written = await this.changes.taken();
    const wrong = written
      .filter(isUntold)
      .map((one) => `changed without an entry of the trail: ${JSON.stringify(one)}`);
    const sweeps = acts.filter(({ sweep }) => sweep).length;
    const wanted = outcomes.filter((outcome, at) => !acts[at]!.sweep && done(outcome) && !outcome.again).length;
    if (written.length < wanted || written.length > wanted + sweeps)
      wrong.push(`${written.length} transactions where ${wanted} were due: ${JSON.stringify(written)}`);
    return wrong;
  }

  private async send(act: Act, key: string, gate?: Gate): Promise<Outcome> {
    if (act.sweep) return swept(act, gate ? through(gate, act.sweep) : act.sweep());
    const name = uuid();
    const { by, method = 'POST', path, body, headers } = act;
    const sent = { body, headers: { 'idempotency-key': key, [GATE_HEADER]: name, ...headers } };
    const call = () => this.service.call(by, method, path, sent);
    const answer = gate ? await withGate(name, gate, call) : await call();
    return {
      status: answer.status,
      code: answer.status < 300 ? '' : String(answer.body['code'] ?? ''),
      again: answer.headers.get('idempotency-hit') === 'true',
      text: answer.text,
    };
  }
}

/** Of what is done once, whether it was now: 200, or 204 when there was nothing to do. */
async function swept({ once = false }: Act, work: Promise<unknown>): Promise<Outcome> {
  try {
    const did = await work;
    return { status: once && did === false ? 204 : 200, code: '', again: false, text: '' };
  } catch (error) {
    return { status: 500, code: 'sweep_failed', again: false, text: String(error) };
  }
}

const told = ({ name, by, path }: Act): string => `${name} ${path} by ${by.split('.example')[0]}`;

/** Whatever happens, an act is done or refused with a code: never an error of ours. */
function oddAnswer(act: Act, { status, code, text }: Outcome): string[] {
  if (status >= 200 && status < 300) return [];
  if (status >= 400 && status < 500 && status !== 401 && /^[a-z][a-z_]+$/.test(code)) return [];
  return [`${act.name} was answered ${status}: ${text}`];
}

/** One effect and one answer of what was asked for twice under one key. */
function answeredOnce(of: Record<'between' | 'all', readonly Committed[]>, first: Outcome, second: Outcome): string[] {
  const wrong: string[] = [];
  if (of.all.length !== (done(second) ? 1 : 0))
    wrong.push(`${of.all.length} transactions for ${shown(second)}: ${JSON.stringify(of.all)}`);
  if (of.between.length > 0 && !second.again)
    wrong.push(`it was done before the crash, and yet not answered as before: ${shown(second)}`);
  if (done(first) && first.text !== second.text) wrong.push('the answer was another the second time');
  return wrong;
}

/** What ran twice did what it does once, if that is how it is; nothing more than once a run in any case. */
function sweptTooOften({ name, once = false }: Act, written: readonly Committed[]): string[] {
  return written.length <= (once ? 1 : 2)
    ? []
    : [`${name} ran twice and changed ${written.length} times: ${JSON.stringify(written)}`];
}

/** What may be heard of a command that came to grief. */
function afterCrash(act: Act, crash: Crash, gate: CrashGate, first: Outcome): string[] {
  if (!gate.fired) return oddAnswer(act, first);
  const due = crash.how === 'failed' || act.sweep ? 500 : 503;
  return first.status === due ? [] : [`${act.name} was ${crash.how} and answered ${first.status}: ${first.text}`];
}
