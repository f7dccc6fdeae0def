import { Get, Param, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { notFound } from '#kernel';
import { OpenPage, PageController, view, type View } from '../page/index.js';
import { guideOf, guidesFor } from './help.presenter.js';

/** Help, and what the law wants said. For everybody, signed in or not. */
@PageController('help')
export class HelpPages {
  @Get()
  @OpenPage()
  own(@Req() request: FastifyRequest): View {
    return view('help/help.njk', guidesFor(request.session.found?.person?.roles ?? []));
  }

  @Get('role/:role')
  @OpenPage()
  role(@Param('role') role: string): View {
    const guide = guideOf(role);
    if (guide === null) throw notFound('page');
    return view('help/role.njk', { guide });
  }

  @Get('accessibility')
  @OpenPage()
  accessibility(): View {
    return view('help/accessibility.njk');
  }

  @Get('privacy')
  @OpenPage()
  privacy(): View {
    return view('help/privacy.njk');
  }
}
