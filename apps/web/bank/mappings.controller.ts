import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { may, requireMay } from '#identity';
import { malformed } from '#kernel';
import { CSV_DATE_FORMATS, MAPPING_NAME, StatementMappings } from '#payments';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  csvDownload,
  errorsFor,
  filtersOf,
  Form,
  listLinks,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { Names } from '../payments/names.js';
import {
  MAPPING_COLUMNS,
  MAPPING_PATHS,
  mappingBody,
  mappingFields,
  mappingForm,
  mappingsTable,
} from './mapping.presenter.js';

const NAME = {
  path: 'name',
  code: 'wrong_form',
  message: 'Enter a name of small letters, digits and hyphens, such as our-bank.',
};
const TAKEN = { path: 'name', code: 'taken', message: 'There is a mapping of this name already. Choose another name.' };

/** How banks lay out their CSV, saved under names. */
@PageController()
export class MappingsPages {
  constructor(
    @Inject(StatementMappings) private readonly mappings: StatementMappings,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get('bank/mappings')
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const { items, nextCursor } = await this.mappings.list(actor, { ...filters, limit: PAGE_SIZE });
    const nameOf = await this.names.of(
      actor,
      items.map(({ savedBy }) => savedBy),
    );
    return view('bank/mappings.njk', {
      table: mappingsTable(items, nameOf),
      links: listLinks('/bank/mappings', filters, nextCursor),
      maySave: may(actor, 'bank_statement.reconcile').allowed,
      back: '/bank',
    });
  }

  @Get('bank/mappings/download')
  csv(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    const filters = filtersOf(query);
    return csvDownload('csv-mappings.csv', MAPPING_COLUMNS, filters, (asked) => this.mappings.list(actor, asked));
  }

  @Get('bank/mappings/new')
  blank(@CurrentActor() actor: Actor): View {
    requireMay(actor, 'bank_statement.reconcile');
    return view('bank/mapping.njk', page(null, {}, 0));
  }

  @Post('bank/mappings/new')
  async create(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<View | Redirect> {
    const form = new Form(body);
    const name = form.text('name') ?? '';
    const tried = await attempt(() => {
      if (!MAPPING_NAME.test(name)) throw malformed([NAME]);
      return this.mappings.save(actor, { name, query: {}, expected: 0 }, mappingBody(form));
    });
    if (tried.ok) return redirect('/bank/mappings', saved(name));
    const errors = tried.code === 'version_stale' ? [TAKEN] : errorsFor(tried.errors, MAPPING_PATHS);
    return viewAgain('bank/mapping.njk', { ...page(null, typedOf(form), 0), errors });
  }

  @Get('bank/mappings/:name')
  async one(@CurrentActor() actor: Actor, @Param('name') name: string): Promise<View> {
    const mapping = await this.mappings.read(actor, name, {});
    const maySave = may(actor, 'bank_statement.reconcile').allowed;
    return view('bank/mapping.njk', { ...page(mapping.name, mappingFields(mapping), mapping.version), maySave });
  }

  @Post('bank/mappings/:name')
  async save(
    @CurrentActor() actor: Actor,
    @Param('name') name: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const form = new Form(body);
    const expected = form.version();
    const tried = await attempt(() => this.mappings.save(actor, { name, query: {}, expected }, mappingBody(form)));
    if (tried.ok) return redirect('/bank/mappings', saved(name));
    const errors = errorsFor(tried.errors, MAPPING_PATHS);
    return viewAgain('bank/mapping.njk', { ...page(name, typedOf(form), Number(expected ?? 0)), errors });
  }
}

const saved = (name: string): string => `The mapping “${name}” is saved. Files are read by it from now on.`;

const typedOf = (form: Form): Record<string, string> =>
  Object.fromEntries(Object.keys(form.values).map((name) => [name, form.typed(name)]));

const page = (name: string | null, values: Readonly<Record<string, string>>, version: number) => ({
  ...{ name, version, maySave: true, back: '/bank/mappings' },
  form: mappingForm(values, CSV_DATE_FORMATS),
});
