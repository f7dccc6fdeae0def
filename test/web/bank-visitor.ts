import { aMadeEntry, type MadeEntry, type MadeStatement } from '../builders/bank-statement.js';
import { ours } from '../integration/bank-statements-support.js';
import { type Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';

/** Somebody of the demonstration at a browser without JavaScript. */
export async function signedIn(service: Service, email: string): Promise<WebVisitor> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  return visitor;
}

export const xml = (text: string, name = 'statement.xml'): File => new File([text], name, { type: 'application/xml' });

/** Sends a file of the bank and is shown what it holds. */
export const looked = async (visitor: WebVisitor, file: File, kind = 'XML (camt.053)'): Promise<WebPage> =>
  (await visitor.open('/bank/load')).press('See what it holds', { [kind]: true }, { File: file });

/** Our account at its bank, as a test makes its statements: each follows the one before. */
export class OwnAccount {
  private sequence = 0;
  private balance = 0;
  private entry = 0;

  /** The next statement. */
  next(...entries: Partial<MadeEntry>[]): MadeStatement {
    const day = `2018-04-${String(++this.sequence).padStart(2, '0')}`;
    const silent = { reference: '', remittance: '', counterparty: 'Somebody', endToEndId: 'NOTPROVIDED' };
    const made = entries.map((one) =>
      aMadeEntry({ bookedOn: day, valueOn: day, ...silent, bankReference: `W${++this.entry}`, ...one }),
    );
    const openingPence = this.balance;
    this.balance += made.reduce((sum, { amountPence }) => sum + amountPence, 0);
    const { sequence } = this;
    return ours({ entries: made, openingPence, openingOn: day, sequence, statementId: `S${sequence}` });
  }
}

/** How many rows a table has. */
export async function count(service: Service, table: string): Promise<number> {
  const { rows } = await service.admin.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`);
  return Number(rows[0]!.n);
}
