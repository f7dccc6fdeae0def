import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Header, Inject, Injectable, Param, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { notFound } from '#kernel';
import { ProblemFilter } from '#platform/http';

/** The files of Swagger UI the page needs, and their types. Nothing else of the package is served. */
const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

// All script comes from files of this server, so the page works under a policy without inline script.
const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Programme claims API</title>
  <link rel="stylesheet" href="/api/docs/swagger-ui.css">
  <link rel="icon" href="/api/docs/favicon-32x32.png">
</head>
<body>
  <main id="swagger-ui"><noscript>The description is at <a href="/api/docs-json">/api/docs-json</a>.</noscript></main>
  <script src="/api/docs/swagger-ui-bundle.js"></script>
  <script src="/api/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/api/docs-json', dom_id: '#swagger-ui', deepLinking: true, persistAuthorization: false });
`;

/** Makes the description when it is first asked for, so that starting stays quick. */
@Injectable()
export class ApiDescription {
  private made: OpenAPIObject | undefined;
  /** Set by the application once it exists. */
  build: () => OpenAPIObject = () => {
    throw new Error('The application has not been made yet.');
  };

  read(): OpenAPIObject {
    return (this.made ??= this.build());
  }
}

/** The API's description, for programs and for people. Open to all: it holds no data. */
@ApiExcludeController()
@UseFilters(ProblemFilter)
@Controller('api')
export class DocsController {
  private readonly files = new Map<string, Promise<Buffer>>();

  constructor(@Inject(ApiDescription) private readonly description: ApiDescription) {}

  @Get('docs-json')
  json(): OpenAPIObject {
    return this.description.read();
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  page(): string {
    return PAGE;
  }

  @Get('docs/start.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  start(): string {
    return START;
  }

  @Get('docs/:file')
  async asset(@Param('file') file: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const type = Object.hasOwn(ASSETS, file) ? ASSETS[file] : undefined;
    if (type === undefined) throw notFound('file');
    const found = this.files.get(file) ?? readFile(join(assetsFolder(), file));
    this.files.set(file, found);
    void reply.header('content-type', type);
    return found;
  }
}

const assetsFolder = (): string => dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
