import { Get, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PageController, redirect, view, type Redirect, type View } from '../page/index.js';

/** What somebody sent after their session was over: they are back and send it again, or not. */
@PageController('carry-on')
export class CarryOnPages {
  @Get()
  page(@Req() { session }: FastifyRequest): View | Redirect {
    const kept = session.kept;
    if (!kept || kept.userId !== session.found?.actor?.userId) return redirect('/');
    return view('sign-in/carry-on.njk', { kept, typed: kept.fields.some(([name]) => !name.startsWith('_')) });
  }

  @Post('forget')
  forget(@Req() { session }: FastifyRequest): Redirect {
    delete session.kept;
    return redirect('/', 'What you had typed is forgotten');
  }
}
