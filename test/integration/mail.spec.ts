import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { composeMail, MailboxTransport, SmtpTransport, type MailFailure, type MailTransport } from '#platform/mail';
import { MailServer, type Behaviour } from '../support/mail-server.js';

const message = (changes: object = {}) =>
  composeMail({
    messageId: '<01890a5d-ac96-774b-bcce-b302099a8057@claims.example>',
    date: new Date('2018-04-03T09:00:00Z'),
    from: { name: 'EIP2 claims', address: 'claims@claims.example' },
    to: 'finance@resolutionsconsultancy.com',
    replyTo: null,
    subject: 'Claim invoice EIP2-BRENT-0001: £1,078.20',
    text: 'A claim invoice.\n.\nA line that begins with a full stop above.\n',
    html: '<p>A claim invoice.</p>',
    attachments: [
      { fileName: 'EIP2-BRENT-0001.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF-1.7 …') },
    ],
    ...changes,
  });

async function send(transport: MailTransport, changes: object = {}): Promise<string> {
  try {
    const session = await transport.open();
    try {
      await session.send(await message(changes));
      return 'accepted';
    } finally {
      session.release();
    }
  } catch (error) {
    return (error as MailFailure).outcome;
  }
}

describe('a composed message', () => {
  it('is the same bytes each time', async () => {
    const [one, two] = [await message(), await message()];
    expect(one.bytes.equals(two.bytes)).toBe(true);
    const parsed = await simpleParser(one.bytes);
    expect(parsed.subject).toBe('Claim invoice EIP2-BRENT-0001: £1,078.20');
    expect(parsed.text).toContain('A line that begins');
    expect(parsed.attachments.map((file) => [file.filename, file.contentType, file.content.toString()])).toEqual([
      ['EIP2-BRENT-0001.pdf', 'application/pdf', '%PDF-1.7 …'],
    ]);
  });

  it('lets nothing into its headers', async () => {
    const { bytes } = await message({
      subject: 'Invoice\r\nBcc: thief@example.com\r\n\r\nbody',
      from: { name: 'EIP2\r\nX-Evil: 1', address: 'claims@claims.example' },
    });
    const head = bytes.toString().split('\r\n\r\n')[0]!;
    expect(head).not.toMatch(/^(bcc|x-evil):/im);
    for (const to of [
      'a@b.example\r\nBcc: c@d.example',
      'a@b.example, c@d.example',
      '"x" <a@b.example>',
      'nobody',
      '',
    ]) {
      await expect(message({ to })).rejects.toThrow('not an e-mail address');
    }
    await expect(message({ messageId: '<a@b>\r\nX: 1' })).rejects.toThrow('not a Message-ID');
  });
});

describe('SMTP', () => {
  let server: MailServer;
  let transport: SmtpTransport;
  beforeEach(async () => {
    server = await MailServer.start();
    transport = new SmtpTransport(server.url);
  });
  afterEach(async () => {
    await transport.close();
    await server.close();
  });

  it('carries a message whole, and keeps the connection for the next', async () => {
    expect(await send(transport)).toBe('accepted');
    expect(await send(transport, { messageId: '<2@claims.example>' })).toBe('accepted');
    expect(server.connections).toBe(1);
    const [first] = server.received;
    expect(first).toMatchObject({ from: 'claims@claims.example', to: ['finance@resolutionsconsultancy.com'] });
    expect(first!.mail.text).toContain('\n.\nA line that begins with a full stop above.');
    const stripped = (bytes: Buffer) => bytes.toString().trimEnd();
    expect(stripped(first!.bytes)).toBe(stripped((await message()).bytes));
  });

  it('makes a new connection when the server has cut the old one', async () => {
    expect(await send(transport)).toBe('accepted');
    server.cut();
    let outcome = await send(transport);
    if (outcome === 'retry') outcome = await send(transport); // the cut was noticed only at the recipient: nothing was sent
    expect(outcome).toBe('accepted');
    expect(server.connections).toBe(2);
  });

  it.each<[Behaviour, string, number]>([
    ['accept', 'accepted', 1],
    ['greylist', 'retry', 0],
    ['unknown-recipient', 'refused', 0],
    ['refuse-content', 'refused', 0],
    ['busy-after-data', 'retry', 0],
    ['take-and-cut', 'unconfirmed', 1],
    ['cut-before-data', 'retry', 0],
  ])('when the server does %s, the message is %s', async (behaviour, outcome, kept) => {
    server.behaviours.push(behaviour);
    expect(await send(transport)).toBe(outcome);
    expect(server.received).toHaveLength(kept);
    expect(await send(transport, { messageId: '<after@claims.example>' })).toBe('accepted');
  });

  it('tries again later when the server is away, and says nothing of the address', async () => {
    await server.close();
    const failure = await transport.open().then(
      () => null,
      (error: MailFailure) => error,
    );
    expect(failure).toMatchObject({ name: 'MailFailure', outcome: 'retry' });
    expect(failure!.message).not.toContain('127.0.0.1');
    server = await MailServer.start();
  });

  it('signs in', async () => {
    const signedIn: string[] = [];
    const strict = await MailServer.start({
      disabledCommands: ['STARTTLS'],
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) => {
        signedIn.push(auth.username ?? '');
        if (auth.password === 'sécret/:') done(null, { user: auth.username });
        else done(Object.assign(new Error('no'), { responseCode: 535 }));
      },
    });
    const good = new SmtpTransport(`smtp://claims:${encodeURIComponent('sécret/:')}@127.0.0.1:${strict.port}`);
    const bad = new SmtpTransport(`smtp://claims:wrong@127.0.0.1:${strict.port}`);
    expect(await send(good)).toBe('accepted');
    expect(await send(bad)).toBe('retry');
    expect(signedIn).toContain('claims');
    await good.close();
    await bad.close();
    await strict.close();
  });
});

describe('SMTP over TLS', () => {
  it('sends nothing to a server whose certificate nobody vouches for', async () => {
    const server = await MailServer.start({ secure: true });
    const transport = new SmtpTransport(`smtps://127.0.0.1:${server.port}`);
    expect(await send(transport)).toBe('retry');
    expect(server.received).toHaveLength(0);
    await transport.close();
    await server.close();
  });
});

describe('the local mailbox', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'claims-mailbox-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const files = async () => (await readdir(folder)).filter((name) => name.endsWith('.eml'));

  it('holds a message once, however often and by however many it is sent', async () => {
    const transports = [new MailboxTransport(folder), new MailboxTransport(folder), new MailboxTransport(folder)];
    const outcomes = await Promise.all([...transports, ...transports, ...transports].map((one) => send(one)));
    expect(new Set(outcomes)).toEqual(new Set(['accepted']));
    const [file, ...more] = await files();
    expect(more).toEqual([]);
    expect((await readFile(join(folder, file!))).equals((await message()).bytes)).toBe(true);
    expect(await readdir(join(folder, '.tmp'))).toEqual([]);
  });

  it('keeps the first of two messages with one Message-ID, and parts those that differ', async () => {
    const transport = new MailboxTransport(folder);
    await send(transport);
    await send(transport, { subject: 'another' });
    await send(transport, { messageId: '<../../etc/passwd@claims.example>' });
    await send(transport, { messageId: '<.. .. etc passwd@claims.example>'.replace(/ /g, '!') });
    const names = await files();
    expect(names).toHaveLength(3);
    expect((await simpleParser(await readFile(join(folder, names[0]!)))).subject).not.toBe('another');
  });
});
