import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import {
  CreateUser,
  InviteUser,
  ListUsers,
  may,
  requireMay,
  UpdateUser,
  USER_CSV_COLUMNS,
  UserAccess,
  type UserView,
} from '#identity';
import { commandContext, type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import { ProgrammeQueries } from '#programme';
import { type Problem } from '#kernel';
import {
  attempt,
  csvDownload,
  filtersOf,
  Form,
  listLinks,
  namingWhatIsMissing,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { filterChoices, organisations, roleBoxes, usersTable } from './users.presenter.js';

const MOST_AUTHORITIES = 500;

interface Typed {
  email: string;
  name: string;
  organisation: string;
  roles: readonly string[];
}

/** Users: the list, a new one, and what may change of one. */
@PageController('users')
export class UsersPages {
  constructor(
    @Inject(ListUsers) private readonly users: ListUsers,
    @Inject(CreateUser) private readonly creating: CreateUser,
    @Inject(UpdateUser) private readonly updating: UpdateUser,
    @Inject(InviteUser) private readonly inviting: InviteUser,
    @Inject(UserAccess) private readonly access: UserAccess,
    @Inject(ProgrammeQueries) private readonly programmes: ProgrammeQueries,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    requireMay(actor, 'user.read');
    const filters = filtersOf(query);
    const authorities = await this.programmes.authorities(actor, null, MOST_AUTHORITIES);
    const shown = { filters, ...filterChoices(filters, authorities) };
    const tried = await attempt(() => this.users.run(actor, { limit: PAGE_SIZE, ...filters }));
    if (!tried.ok) return viewAgain('admin/users.njk', { ...shown, errors: tried.errors, table: usersTable([], true) });
    const { items, nextCursor } = tried.value;
    const table = usersTable(items, Object.keys(filters).length > 0);
    return view('admin/users.njk', { ...shown, table, links: listLinks('/users', filters, nextCursor) });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('users.csv', USER_CSV_COLUMNS, filtersOf(query), (asked) => this.users.run(actor, asked));
  }

  @Get('new')
  askForNew(@CurrentActor() actor: Actor): Promise<View> {
    requireMay(actor, 'user.manage');
    return this.newPage(actor, { email: '', name: '', organisation: '', roles: [] }, []);
  }

  @Post('new')
  async create(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<View | Redirect> {
    const form = new Form(body);
    const typed = typedOf(form);
    const tried = await attempt(() => this.creating.run(actor, typed));
    if (!tried.ok) return this.newPage(actor, typed, namingWhatIsMissing(tried.errors, MISSING));
    const user = tried.value;
    const invited = form.ticked('invite') && (await this.invite(actor, user));
    const notice = invited ? `${user.name} is added, and an invitation is on its way` : `${user.name} is added`;
    return redirect(`/users/${user.id}`, notice);
  }

  @Get(':id/edit')
  async askToEdit(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    requireMay(actor, 'user.manage');
    const user = await this.users.one(actor, idOf(id, 'user'));
    return editPage(actor, user, user, []);
  }

  @Post(':id/edit')
  async edit(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const form = new Form(body);
    const user = await this.users.one(actor, idOf(id, 'user'));
    // Nobody changes their own roles, so their form does not ask for them.
    const own = user.id === actor.userId;
    const { email, name, roles } = { ...typedOf(form), ...(own ? { roles: user.roles } : {}) };
    const tried = await attempt(() => this.updating.run(actor, user.id, { email, name, roles }, form.version()));
    if (!tried.ok) {
      return editPage(actor, user, { email, name, roles }, namingWhatIsMissing(tried.errors, MISSING));
    }
    return redirect(`/users/${user.id}`, `${tried.value.name} is changed`);
  }

  /** A command of its own, so not the one that made the user; none when that was done before (a double click). */
  private async invite(actor: Actor, user: UserView): Promise<boolean> {
    const { invitation } = await this.access.run(actor, user.id);
    if (invitation === null) await commandContext.exit(() => this.inviting.run(actor, user.id));
    return true;
  }

  private async newPage(actor: Actor, typed: Typed, errors: readonly Problem[]): Promise<View> {
    const authorities = await this.programmes.authorities(actor, null, MOST_AUTHORITIES);
    const choices = {
      organisations: [{ value: '', text: 'Choose' }, ...organisations(authorities, typed.organisation)],
      roles: roleBoxes(typed.roles),
    };
    const status = errors.length > 0 ? 400 : 200;
    return view('admin/new-user.njk', { ...choices, typed, errors }, { status });
  }
}

const MISSING = {
  name: 'Enter the name.',
  email: 'Enter the e-mail address.',
  organisation: 'Choose the organisation.',
  roles: 'Choose at least one role.',
};

function typedOf(form: Form): Typed {
  const [email, name, organisation] = ['email', 'name', 'organisation'].map((field) => form.typed(field).trim());
  return { email: email!, name: name!, organisation: organisation!, roles: form.all('roles') };
}

function editPage(
  actor: Actor,
  user: UserView,
  typed: Pick<Typed, 'email' | 'name' | 'roles'>,
  errors: readonly Problem[],
): View {
  const mayRoles = may(actor, 'user.set_roles', { userId: user.id }).allowed;
  const data = { user, typed, roles: mayRoles ? roleBoxes(typed.roles) : null, errors };
  return view('admin/edit-user.njk', data, { status: errors.length > 0 ? 400 : 200 });
}
