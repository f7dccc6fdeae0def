import { v7 as uuid } from 'uuid';
import { WorkerModule } from '../../apps/worker/worker.module.js';
import { FormFuzzer } from '../support/form-fuzz.js';
import { asking } from '../support/openapi-tour-ask.js';
import { rest } from '../support/openapi-tour.js';
import { pageAddress, type PageIds } from '../support/page-access.js';
import { openWork } from './form-fuzz-states.js';
import { findForms, postRoutes, whoMayOpen, type FoundForm } from '../support/page-forms.js';
import { findPageIds } from '../support/page-ids.js';
import { pageRoutes, type PageRoute } from '../support/page-routes.js';
import { Service } from '../support/service.js';
import { playOn } from '../support/story.js';

/** The pages with a quarter's claims behind them, every form they show, and what to do to those forms. */
export class FormFuzzing {
  private constructor(
    readonly service: Service,
    readonly fuzzer: FormFuzzer,
    readonly forms: readonly FoundForm[],
    private readonly ids: PageIds,
  ) {}

  static async start(): Promise<FormFuzzing> {
    const service = await Service.start({ clock: '2018-01-15T09:00:00.000Z', modules: [WorkerModule], web: true });
    const played = await playOn(service, fetch);
    await rest(service, asking(service, fetch), played);
    const ids = await findPageIds(service, played);
    const forms = await findForms(service, ids, await openWork(service));
    return new FormFuzzing(service, new FormFuzzer(service), forms.toSorted(harmlessFirst), ids);
  }

  async stop(): Promise<void> {
    await this.service.stop();
  }

  /** Sends every form that a page shows. Returns what was answered wrongly. */
  async attackForms(options: { seed: number; numRuns: number }): Promise<string[]> {
    const found: string[] = [];
    for (const form of this.forms) {
      const fault = await this.fuzzer.attack(form, options);
      if (fault !== null) found.push(fault);
    }
    return found;
  }

  /** Asks every page, and sends to every address that takes forms, what no page of ours does, as people who may open the pages there. */
  async attackInTheDark(options: { seed: number; numRuns: number }): Promise<string[]> {
    const found: string[] = [];
    for (const form of pageRoutes()
      .flatMap((route) => this.blind(route))
      .toSorted(harmlessFirst)) {
      const fault = await this.fuzzer.attack(form, { ...options, dark: true });
      if (fault !== null) found.push(fault);
    }
    return found;
  }

  /** Routes that no page's form goes to, in the states that the story leaves behind. */
  notShown(): string[] {
    const shown = new Set(this.forms.map(({ route }) => route));
    return postRoutes().filter((route) => !shown.has(route));
  }

  private blind({ method, path: route }: PageRoute): FoundForm[] {
    const action = pageAddress(route, [...this.ids, [/\/:\w+$/, uuid()]]);
    const open = /^\/(sign-in|reset|invitation)/.test(route);
    const emails = open ? [null] : whoMayOpen(route).slice(0, 2);
    const form = { method, route, action, multipart: false };
    return emails.map((email) => ({
      ...form,
      fields: [],
      buttons: [],
      email,
      page: email === null ? '/sign-in' : '/account',
    }));
  }
}

/** What ends sessions or changes people comes last: after it fewer forms are there to be sent. */
const LAST = [/^\/account/, /^\/sign-out/, /^\/users/];
const placeOf = ({ route }: FoundForm): number => LAST.findIndex((pattern) => pattern.test(route));
const harmlessFirst = (one: FoundForm, other: FoundForm): number => placeOf(one) - placeOf(other);
