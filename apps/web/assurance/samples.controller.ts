import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ClaimDesk } from '#claims';
import { AssuranceQueries, DrawSample, SampleInput } from '#funding';
import { requireMay } from '#identity';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import { validateInput } from '#platform/validation';
import {
  attempt,
  csvDownload,
  errorsFor,
  filtersOf,
  Form,
  listLinks,
  namingWhatIsMissing,
  PAGE_SIZE,
  PageController,
  plural,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { drawInput, drawPage, FIELD_OF, hiddenDraw, MISSING, typedDraw } from './draw.presenter.js';
import {
  ITEM_COLUMNS,
  itemsTable,
  POPULATION_COLUMNS,
  SAMPLE_COLUMNS,
  samplePage,
  samplesTable,
} from './samples.presenter.js';
import { sampleAddress, stateChoices } from './words.js';

/** Samples of approved claims: the list, drawing one, one with what makes it reproducible. */
@PageController('assurance')
export class SamplePages {
  constructor(
    @Inject(AssuranceQueries) private readonly queries: AssuranceQueries,
    @Inject(DrawSample) private readonly drawing: DrawSample,
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const { items, nextCursor } = await this.queries.samples(actor, { limit: PAGE_SIZE, ...filters });
    const people = await this.desk.people(
      actor,
      items.map(({ drawnBy }) => drawnBy),
    );
    return view('assurance/samples.njk', {
      table: samplesTable(items, people),
      links: listLinks('/assurance', filters, nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('assurance-samples.csv', SAMPLE_COLUMNS, filtersOf(query), (asked) =>
      this.queries.samples(actor, asked),
    );
  }

  @Get('draw')
  ask(@CurrentActor() actor: Actor): View {
    requireMay(actor, 'assurance.draw');
    return view('assurance/draw.njk', { typed: { share: '10' } });
  }

  /** What would be drawn is said, and not shown: who could look before drawing could draw until the sample pleases. */
  @Post('draw')
  async draw(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<View | Redirect> {
    requireMay(actor, 'assurance.draw');
    const form = new Form(body);
    const typed = typedDraw(form);
    const what = form.typed('do');
    if (what === 'change') return view('assurance/draw.njk', { typed });
    const input = drawInput(form);
    const checked = await attempt(async () => {
      form.check();
      return Promise.resolve(validateInput(SampleInput, input));
    });
    if (!checked.ok) return again(typed, checked.errors);
    if (what !== 'confirm') {
      return view('assurance/draw-check.njk', { ...drawPage(checked.value), fields: hiddenDraw(typed) });
    }
    const drawn = await attempt(() => this.drawing.run(actor, input));
    if (!drawn.ok) return again(typed, drawn.errors);
    const { id, itemCount, populationCount } = drawn.value;
    return redirect(sampleAddress(id), {
      kind: 'success',
      title: `${plural(itemCount, 'claim')} of ${populationCount} are drawn`,
      text: 'Their authorities are asked for evidence by e-mail. Each claim’s check is recorded on its page here.',
    });
  }

  @Get(':id')
  async page(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<View> {
    const sample = await this.queries.sample(actor, idOf(id, 'assurance sample'));
    const people = await this.desk.people(actor, [sample.drawnBy]);
    const filters = filtersOf(query);
    const shown = {
      ...samplePage(sample, people),
      address: sampleAddress(sample.id),
      states: stateChoices(filters['state']),
    };
    const tried = await attempt(() => this.queries.items(actor, { limit: PAGE_SIZE, ...filters, sampleId: sample.id }));
    if (!tried.ok) return viewAgain('assurance/sample.njk', { ...shown, errors: tried.errors });
    const { items, nextCursor } = tried.value;
    return view('assurance/sample.njk', {
      ...shown,
      table: itemsTable(items, { everybody: true, empty: 'No claim of this sample has this status.' }),
      links: listLinks(sampleAddress(sample.id), filters, nextCursor),
    });
  }

  @Get(':id/download')
  async itemsFile(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<StreamableFile> {
    const { id: sampleId } = await this.queries.sample(actor, idOf(id, 'assurance sample'));
    return csvDownload('drawn-claims.csv', ITEM_COLUMNS, filtersOf(query), (asked) =>
      this.queries.items(actor, { ...asked, sampleId }),
    );
  }

  /** The claims it was drawn from, as they were then: what somebody draws it again from. */
  @Get(':id/population/download')
  population(@CurrentActor() actor: Actor, @Param('id') id: string): StreamableFile {
    const own = idOf(id, 'assurance sample');
    return csvDownload('population.csv', POPULATION_COLUMNS, {}, (asked) => this.queries.population(actor, own, asked));
  }
}

const again = (typed: object, errors: readonly Problem[]): View =>
  viewAgain('assurance/draw.njk', { typed, errors: errorsFor(namingWhatIsMissing(errors, MISSING), FIELD_OF) });
