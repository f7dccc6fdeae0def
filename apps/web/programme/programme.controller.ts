import { Get, Inject, Param, Query } from '@nestjs/common';
import { ListAudit } from '#audit';
import { People } from '#identity';
import { notFound } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { codeOf, TermsVersions } from '#programme';
import { filtersOf, PageController, redirect, view, type Redirect, type View } from '../page/index.js';
import {
  allocationsTable,
  categoriesTable,
  eligibilityRows,
  partiesRows,
  peopleOf,
  ratesTable,
  roundingRows,
  vatTable,
  versionsTable,
} from './programme.presenter.js';

const MOST_VERSIONS = '200';

/** A programme's terms in words and figures. They are read here and loaded by a command. */
@PageController('programme')
export class ProgrammePages {
  constructor(
    @Inject(TermsVersions) private readonly terms: TermsVersions,
    @Inject(ListAudit) private readonly trail: ListAudit,
    @Inject(People) private readonly people: People,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor): Promise<View | Redirect> {
    const programmes = await this.terms.programmes(actor);
    const [only, another] = programmes;
    if (only && !another) return redirect(`/programme/${only.code}`);
    return view('programme/programmes.njk', { programmes });
  }

  @Get(':code')
  async page(@CurrentActor() actor: Actor, @Param('code') given: string, @Query() query: unknown): Promise<View> {
    const code = codeOf(given, 'programme');
    const { version } = filtersOf(query);
    if (version !== undefined && !/^\d{1,6}$/.test(version)) throw notFound('version of the terms');
    const found = await this.terms.one(actor, code, version === undefined ? null : Number(version));
    const { terms } = found;
    return view('programme/programme.njk', {
      programme: found,
      shown: found.versions.find((one) => one.version === terms.version),
      parties: partiesRows(terms),
      eligibility: eligibilityRows(terms),
      tables: [ratesTable, categoriesTable, allocationsTable, vatTable].map((table) => table(terms)),
      rounding: roundingRows(terms),
      versions: versionsTable(found, await this.loading(actor, code)),
    });
  }

  /** Who loaded what is in the programme's own chain of the trail, which an authority does not read. */
  private async loading(actor: Actor, code: string) {
    if (actor.scope !== '*') return null;
    const asked = { chain: code, action: 'programme.terms_loaded', limit: MOST_VERSIONS };
    const { items: entries } = await this.trail.run(actor, asked);
    return { entries, nameOf: await this.people.names(actor, peopleOf(entries)) };
  }
}
