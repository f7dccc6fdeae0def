import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComposedMail } from './mail-message.js';
import { MailFailure, MailTransport, type MailSession } from './mail-transport.js';

/** Nobody but the service's own user: these are invoices and people's addresses. */
const PRIVATE = 0o700;

export const MAIL_EXTENSION = '.eml';
const TEMPORARY = '.tmp';
/** A leftover of a crash this old belongs to nobody. */
const LEFTOVER_MS = 60 * 60 * 1000;

/**
 * The file name of a message: made from its Message-ID alone, so that a repeat meets the first. Ours begin with a UUIDv7
 * and so sort by time.
 */
export function mailFileName(messageId: string): string {
  const readable = messageId.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 60);
  return `${readable.replace(/^-+/, '')}-${createHash('sha256').update(messageId).digest('hex').slice(0, 32)}${MAIL_EXTENSION}`;
}

/** Keeps e-mail in a folder instead of sending it: one `.eml` file a message, complete or not there at all. */
export class MailboxTransport extends MailTransport {
  readonly dropsRepeats = true;
  private prepared: Promise<void> | undefined;

  constructor(private readonly folder: string) {
    super();
  }

  async open(): Promise<MailSession> {
    try {
      await (this.prepared ??= this.prepare());
    } catch (error) {
      this.prepared = undefined;
      throw failure(error);
    }
    return { send: (mail) => this.keep(mail), release: () => undefined };
  }

  async close(): Promise<void> {}

  private async prepare(): Promise<void> {
    const temporary = join(this.folder, TEMPORARY);
    await mkdir(temporary, { recursive: true, mode: PRIVATE });
    const oldest = Date.now() - LEFTOVER_MS;
    for (const name of await readdir(temporary)) {
      const path = join(temporary, name);
      const found = await stat(path).catch(() => null);
      if (found && found.mtimeMs < oldest) await rm(path, { force: true });
    }
  }

  /** Written and flushed under another name, then linked: a message that was there before stays as it was. */
  private async keep(mail: ComposedMail): Promise<void> {
    const temporary = join(this.folder, TEMPORARY, randomUUID());
    const path = join(this.folder, mailFileName(mail.messageId));
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(mail.bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await place(temporary, path);
      await flushFolder(this.folder);
    } catch (error) {
      throw failure(error);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

/** Some file systems have no hard links; there a repeat replaces the message by the same message. */
const WITHOUT_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function place(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (!WITHOUT_LINKS.has(code ?? '')) throw error;
    await rename(temporary, path);
  }
}

async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows flushes folder entries itself and refuses to open a folder.
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The message is not there, or is there once: trying again is safe either way. */
const failure = (error: unknown): MailFailure =>
  new MailFailure('retry', `The mailbox could not be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`);
