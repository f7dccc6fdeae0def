import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIL_EXTENSION, mailboxFolder } from '#platform/mail';
import { type DemoClient } from './client.js';
import { type Results } from './results.js';
import { MTM } from './people.js';
import { type Treasury } from './treasury.js';

/** A message of the mailbox: the document in it, if any, and whom it went to. */
export interface KeptMail {
  number: string | null;
  to: string;
  /** The authority's own copy. */
  copy: boolean;
}

/** Saves every document under its number: claim invoices and credit notes as PDF and XML, remittance advice as PDF. */
export async function saveDocuments(client: DemoClient, { claims, runs }: Results, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { id, number } of claims.flatMap((claim) => claim.documents)) {
    for (const kind of ['pdf', 'xml']) {
      writeFileSync(join(folder, `${number}.${kind}`), await client.bytes(MTM.auditor, `/documents/${id}/${kind}`));
    }
  }
  for (const { id, remittanceNumber } of runs.flatMap((run) => run.payments)) {
    if (remittanceNumber === null) continue;
    const advice = await client.bytes(MTM.auditor, `/payments/${id}/remittance`);
    writeFileSync(join(folder, `${remittanceNumber}.pdf`), advice);
  }
}

/** What went to the funder and the bank and what came from the bank, and the books. */
export function savePapers({ papers }: Treasury, { journal }: Results, folder: string): void {
  mkdirSync(join(folder, 'bank'), { recursive: true });
  for (const [name, content] of papers) writeFileSync(join(folder, 'bank', name), content);
  writeFileSync(join(folder, 'books.journal'), journal);
}

/** Copies the mailbox, each message under the number of its document, or as a notice, and whom it went to. */
export function saveMailbox(dataDir: string, folder: string): KeptMail[] {
  mkdirSync(folder, { recursive: true });
  const mailbox = mailboxFolder(dataDir);
  const kept = readdirSync(mailbox)
    .filter((name) => name.endsWith(MAIL_EXTENSION))
    .sort()
    .map((name) => ({ name, ...readMail(join(mailbox, name)) }));
  const seen = new Map<string, number>();
  for (const { name, number, to } of kept) {
    const title = `${number ?? 'notice'} to ${to}`;
    const again = (seen.get(title) ?? 0) + 1;
    seen.set(title, again);
    copyFileSync(join(mailbox, name), join(folder, `${title}${again > 1 ? ` (${again})` : ''}${MAIL_EXTENSION}`));
  }
  return kept.map(({ number, to, copy }) => ({ number, to, copy }));
}

function readMail(path: string): KeptMail {
  const source = readFileSync(path, 'latin1');
  const number = /filename="?([A-Z0-9-]+)\.pdf/.exec(source)?.[1] ?? null;
  const to = /^To: <?([^\s<>]+)>?$/m.exec(source.replaceAll('\r', ''))?.[1];
  if (to === undefined) throw new Error(`${path} is an e-mail to nobody`);
  return { number, to, copy: /@(?!mtm\.)[a-z]+\.example$/.test(to) };
}
