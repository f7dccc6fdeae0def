import { type StatementView, type TrialBalanceView } from '#ledger';
import { barRows, date, dateTime, money } from '../page/index.js';

/** What every account came to: debits and credits, which come to nothing together. */
export function trialBalancePage({ accounts, asOf }: TrialBalanceView, payer: string) {
  const sum = (of: (account: TrialBalanceView['accounts'][number]) => number) =>
    accounts.reduce((total, account) => total + of(account), 0);
  const balanced = sum(({ balancePence }) => balancePence) === 0;
  const sentence =
    accounts.length === 0
      ? 'Nothing has been posted yet.'
      : balanced
        ? `${payer}’s books balance: ${money(sum(({ debitPence }) => debitPence))} was debited and as much was credited.`
        : `${payer}’s books do not balance. Tell an administrator now.`;
  return {
    heading: 'Trial balance',
    sentence,
    asOf: `As of ${dateTime(asOf)}.`,
    chart: barRows(
      `${sentence} Each bar is what an account comes to, debit or credit.`,
      accounts.map(({ account, balancePence }) => ({
        label: account.slice(account.indexOf(':') + 1).slice(0, 24),
        value: Math.abs(balancePence),
        text: side(balancePence),
        kind: balancePence < 0 ? 'other' : 'usual',
      })),
    ),
    tables:
      accounts.length === 0
        ? []
        : [
            {
              caption: 'Accounts',
              head: [
                { text: 'Account' },
                { text: 'Debited', numeric: true },
                { text: 'Credited', numeric: true },
                { text: 'Balance', numeric: true },
              ],
              rows: accounts.map((one) => [
                { text: one.account },
                { text: money(one.debitPence), numeric: true },
                { text: money(one.creditPence), numeric: true },
                { text: side(one.balancePence), numeric: true },
              ]),
              foot: [
                { text: 'All' },
                { text: money(sum(({ debitPence }) => debitPence)), numeric: true },
                { text: money(sum(({ creditPence }) => creditPence)), numeric: true },
                { text: side(sum(({ balancePence }) => balancePence)), numeric: true },
              ],
            },
          ],
  };
}

/** An amount with the side of the books it is on. */
const side = (pence: number): string =>
  pence === 0 ? money(0) : pence > 0 ? `${money(pence)} debit` : `${money(-pence)} credit`;

/** What an authority is owed and was paid, entry by entry. */
export function statementPage(statement: StatementView, of: { payer: string; own: boolean; from: string; to: string }) {
  const { openingPence, closingPence, items, authority } = statement;
  const whom = of.own ? 'you' : authority;
  const period = [of.from && `from ${date(of.from)}`, of.to && `up to ${date(of.to)}`].filter(Boolean).join(' ');
  const sentence =
    closingPence === 0
      ? `${of.payer} owes ${whom} nothing${period && ` ${period}`}.`
      : closingPence > 0
        ? `${of.payer} owes ${whom} ${money(closingPence)}${period && ` ${period}`}: what is approved and not paid yet.`
        : `${of.own ? 'You owe' : `${authority} owes`} ${of.payer} ${money(-closingPence)}${period && ` ${period}`}.`;
  return {
    sentence,
    chart: barRows(sentence, [
      { label: 'Owed before', value: Math.max(0, openingPence), text: money(openingPence), kind: 'other' },
      { label: 'Owed at the end', value: Math.max(0, closingPence), text: money(closingPence) },
    ]),
    table: {
      caption: 'Entries',
      empty: 'There are no entries in this period.',
      head: [
        { text: 'Day' },
        { text: 'What happened' },
        { text: 'Amount', numeric: true },
        { text: 'Owed after it', numeric: true },
      ],
      rows: items.map((item) => [
        { text: date(item.bookedOn), nowrap: true },
        item.claimId === null
          ? { text: item.description }
          : { text: item.description, href: `/claims/${item.claimId}` },
        { text: money(item.amountPence), numeric: true },
        { text: money(item.balancePence), numeric: true },
      ]),
    },
  };
}
