import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Controller, Get, Inject, NotFoundException, Param, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Assets } from './assets.js';
import { PageFilter } from './page.filter.js';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
};

/**
 * The few built files that pages refer to, for anybody. Only names that the build listed are looked up, in a table: nothing
 * of an address ever becomes a path.
 */
@ApiExcludeController()
@UseFilters(PageFilter)
@Controller('assets')
export class AssetsController {
  private readonly files = new Map<string, Buffer>();

  constructor(@Inject(Assets) private readonly assets: Assets) {}

  @Get(':name')
  file(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply): Buffer {
    return this.answer(name, reply);
  }

  @Get('images/:name')
  image(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply): Buffer {
    return this.answer(`images/${name}`, reply);
  }

  private answer(name: string, reply: FastifyReply): Buffer {
    if (!this.assets.all.has(name)) throw new NotFoundException();
    const content = this.files.get(name) ?? readFileSync(join(this.assets.folder, name));
    this.files.set(name, content);
    // The name of a built file changes with its content; an icon's does not.
    const kept = name.startsWith('images/') ? 'max-age=86400' : 'max-age=31536000, immutable';
    void reply
      .type(MEDIA_TYPES[extname(name)] ?? 'application/octet-stream')
      .header('cache-control', `public, ${kept}`);
    return content;
  }
}
