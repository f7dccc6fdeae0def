import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Inject, Injectable, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import pg from 'pg';
import { refused } from '#kernel';
import { DatabaseModule, UnitOfWork, type Actor } from '#platform/database';
import {
  ApiController,
  Consumes,
  Creates,
  CurrentActor,
  IgnoresIdempotencyKey,
  RequiresIdempotencyKey,
  readMultipart,
} from '#platform/http';
import { BooleanField, IntegerField, TextField, UuidField, validateInput } from '#platform/validation';
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { as, startHttpApp, type HttpTestApp } from '../support/http-app.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

class NoteInput {
  @TextField() text: string;
  @BooleanField({ optional: true }) refuse?: boolean;
}

class Note {
  @UuidField() id: string;
  @TextField() text: string;
  @IntegerField() version: number;
}

/** A use case like any other: one transaction, the answer is what is returned. */
@Injectable()
class WriteNote {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  run(actor: Actor, body: unknown): Promise<Note> {
    const input = validateInput(NoteInput, body);
    return this.uow.run(actor, async (tx) => {
      const note = { id: uuidv7(), text: input.text, version: 1 };
      await tx.query('INSERT INTO note (id, text) VALUES ($1, $2)', [note.id, note.text]);
      if (input.refuse) throw refused('nothing_to_reimburse', 'Refused.');
      return note;
    });
  }
}

@ApiController('notes')
class NotesController {
  constructor(@Inject(WriteNote) private readonly write: WriteNote) {}

  @Post()
  @Creates(Note)
  @RequiresIdempotencyKey()
  create(@Body() body: unknown, @CurrentActor() actor: Actor) {
    return this.write.run(actor, body);
  }

  @Post('preview')
  @IgnoresIdempotencyKey()
  preview(@Body() body: unknown, @CurrentActor() actor: Actor) {
    return this.write.run(actor, body);
  }

  @Post('files')
  @Creates(Note)
  @Consumes('multipart/form-data')
  async files(@Req() request: FastifyRequest, @CurrentActor() actor: Actor) {
    const { files } = await readMultipart(request, { maxFiles: 3, maxBytesPerFile: 1000 }, async (file) => {
      const hash = createHash('sha256');
      for await (const chunk of file.stream as AsyncIterable<Buffer>) hash.update(chunk);
      return { sha256: hash.digest('hex') };
    });
    return this.write.run(actor, { text: files.map(({ sha256 }) => sha256).join(' ') });
  }
}

describe('Idempotency-Key, over HTTP and PostgreSQL', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let test: HttpTestApp;

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    await admin.query('CREATE TABLE note (id uuid PRIMARY KEY, text text NOT NULL)');
    await admin.query('GRANT SELECT, INSERT ON note TO claims_app');
    test = await startHttpApp([NotesController], {
      env: { DATABASE_URL: database.url },
      imports: [DatabaseModule.forRoot('test')],
      providers: [WriteNote],
    });
  });
  afterAll(async () => {
    await test.app.close();
    await admin.end();
    await database.drop();
  });
  beforeEach(async () => {
    await admin.query('TRUNCATE note');
  });

  const post = (key: string | null, payload: unknown, options: { path?: string; token?: string } = {}) =>
    test.call({
      method: 'POST',
      url: `/api/v1/notes${options.path ?? ''}`,
      headers: as(options.token ?? 'good', key === null ? {} : { 'idempotency-key': key }),
      payload,
    });
  const stored = async () => (await admin.query('SELECT text FROM note')).rows.length;

  it('gives the first answer again: same body, status, headers, and a mark', async () => {
    const first = await post('a', { text: 'x', refuse: false });
    const again = await post('a', { refuse: false, text: 'x' });
    expect(first.statusCode).toBe(201);
    expect(first.headers['idempotency-hit']).toBeUndefined();
    expect([again.statusCode, again.json()]).toEqual([201, first.json()]);
    expect(again.headers).toMatchObject({
      'idempotency-hit': 'true',
      location: first.headers['location'],
      etag: '"v1"',
    });
    expect(await stored()).toBe(1);
  });

  it('refuses the key for another body or another call, and keeps it to its caller', async () => {
    await post('b', { text: 'x' });
    const other = await post('b', { text: 'y' });
    expect([other.statusCode, other.json()]).toMatchObject([422, { code: 'idempotency_key_reused' }]);
    expect((await post('b', { text: 'x' }, { token: 'other' })).statusCode).toBe(201);
    expect(await stored()).toBe(2);
  });

  it('keeps only what succeeded', async () => {
    expect((await post('c', { text: 'x', refuse: true })).statusCode).toBe(422);
    expect((await post('c', { text: 'x' })).statusCode).toBe(201);
    expect(await stored()).toBe(1);
  });

  it('does a thing once, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('d', { text: 'x' })));
    const statuses = new Set(answers.map(({ statusCode }) => statusCode));
    expect([...statuses].every((status) => status === 201 || status === 409)).toBe(true);
    expect(answers.filter(({ statusCode, headers }) => statusCode === 201 && !headers['idempotency-hit'])).toHaveLength(
      1,
    );
    expect(await stored()).toBe(1);
  });

  it('does not look at the key where nothing is kept', async () => {
    const path = '/preview';
    await post('e', { text: 'x' }, { path });
    const again = await post('e', { text: 'y' }, { path });
    expect([again.statusCode, again.headers['idempotency-hit']]).toEqual([200, undefined]);
  });

  it('compares a form by its parts, not by its bytes', async () => {
    const send = (boundary: string, text: string) =>
      test.call({
        method: 'POST',
        url: '/api/v1/notes/files',
        headers: as('good', {
          'idempotency-key': 'f',
          'content-type': `multipart/form-data; boundary=${boundary}`,
        }),
        payload: `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n${text}\r\n--${boundary}--\r\n`,
      });
    const first = await send('one', 'same');
    const again = await send('two', 'same');
    expect([again.headers['idempotency-hit'], again.json()]).toEqual(['true', first.json()]);
    expect((await send('one', 'other')).json()).toMatchObject({ code: 'idempotency_key_reused' });
    expect(await stored()).toBe(1);
  });
});
