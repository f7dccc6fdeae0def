import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIL_EXTENSION, mailboxFolder } from '#platform/mail';
import { type DemoClient } from './client.js';
import { type Results } from './results.js';
import { MTM } from './stage.js';

/** A message of the mailbox: the document in it, whom it went to. */
export interface KeptMail {
  number: string;
  to: string;
  /** The authority's own copy. */
  copy: boolean;
}

/** Saves the PDF and the XML of every document under its number. */
export async function saveDocuments(client: DemoClient, { claims }: Results, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { id, number } of claims.flatMap((claim) => claim.documents)) {
    for (const kind of ['pdf', 'xml']) {
      writeFileSync(join(folder, `${number}.${kind}`), await client.bytes(MTM.auditor, `/documents/${id}/${kind}`));
    }
  }
}

/** Copies the mailbox, each message under the number of its document and whom it went to. */
export function saveMailbox(dataDir: string, folder: string): KeptMail[] {
  mkdirSync(folder, { recursive: true });
  const mailbox = mailboxFolder(dataDir);
  const kept = readdirSync(mailbox)
    .filter((name) => name.endsWith(MAIL_EXTENSION))
    .sort()
    .map((name) => ({ name, ...readMail(join(mailbox, name)) }));
  const seen = new Map<string, number>();
  for (const { name, number, to } of kept) {
    const title = `${number} to ${to}`;
    const again = (seen.get(title) ?? 0) + 1;
    seen.set(title, again);
    copyFileSync(join(mailbox, name), join(folder, `${title}${again > 1 ? ` (${again})` : ''}${MAIL_EXTENSION}`));
  }
  return kept.map(({ number, to, copy }) => ({ number, to, copy }));
}

function readMail(path: string): KeptMail {
  const source = readFileSync(path, 'latin1');
  const number = /filename="?([A-Z0-9-]+)\.pdf/.exec(source)?.[1];
  const to = /^To: <?([^\s<>]+)>?$/m.exec(source.replaceAll('\r', ''))?.[1];
  if (number === undefined || to === undefined) throw new Error(`${path} is not an e-mail of a document`);
  return { number, to, copy: /@[a-z]+\.example$/.test(to) };
}
