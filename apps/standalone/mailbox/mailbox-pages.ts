import { createHash } from 'node:crypto';
import { escapeHtml } from '#platform/mail';
import { type MailContent, type MailSummary } from './mailbox.js';

export const PAGE_SIZE = 50;

const STYLE = `
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;color:#0b0c0c;background:#f3f2f1}
header{background:#0b0c0c;color:#fff}
header p,main{max-width:60rem;margin:0 auto;padding:.75rem 1rem}
header p{font-weight:700}
main{background:#fff;padding-bottom:2rem;min-height:calc(100vh - 3rem)}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0 1rem;overflow-wrap:anywhere}
a{color:#1d70b8;text-underline-offset:.15em}
a:hover{color:#003078;text-decoration-thickness:.15em}
a:focus-visible{outline:3px solid transparent;background:#fd0;color:#0b0c0c;box-shadow:0 -2px #fd0,0 4px #0b0c0c}
ul{list-style:none;margin:0;padding:0}
li .meta{display:block}
li{border-top:1px solid #b1b4b6;padding:.75rem 0;overflow-wrap:anywhere}
li:last-child{border-bottom:1px solid #b1b4b6}
.meta{color:#484949;font-size:.9375rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0 0 1rem}
dt{font-weight:700}
dd{margin:0;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;border:1px solid #b1b4b6;padding:1rem;margin:0 0 1rem}
nav{display:flex;gap:1.5rem;padding:1rem 0}
@media (min-width:48rem){li{display:grid;grid-template-columns:1fr max-content;gap:0 1rem}main{padding:1rem 2rem 3rem}}
`;

/** Nothing but this one style sheet, by its hash: no script, no image, no frame, no form. */
export const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/London' });

const time = (date: Date | null): string =>
  date ? `<time datetime="${date.toISOString()}">${escapeHtml(DATE.format(date))}</time>` : 'no date';

function layout(title: string, content: string): string {
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – Local mailbox</title>
<style>${STYLE}</style>
</head>
<body>
<header><p>Local mailbox</p></header>
<main>
${content}
</main>
</body>
</html>
`;
}

/** `page` from 1. */
export function listPage(items: readonly MailSummary[], page: number, total: number): string {
  const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const rows = items.map(
    (mail) =>
      `<li><a href="/mailbox/${mail.id}">${escapeHtml(mail.subject)}</a> <span class="meta">${time(mail.date)}</span>` +
      `<span class="meta">To ${escapeHtml(mail.to)}</span></li>`,
  );
  const links = [
    page > 1 ? `<a href="/mailbox?page=${page - 1}" rel="prev">Newer</a>` : '',
    page < pages ? `<a href="/mailbox?page=${page + 1}" rel="next">Older</a>` : '',
  ].join('');
  const count = total === 1 ? '1 e-mail' : `${total} e-mails`;
  const list =
    rows.length > 0
      ? `<ul>${rows.join('\n')}</ul>`
      : '<p>No e-mail yet. Submit a claim, and its invoice arrives here.</p>';
  const content = `<h1>E-mail kept on this machine</h1>
<p>Nothing here was sent. ${count}, newest first${pages > 1 ? `, page ${page} of ${pages}` : ''}.</p>
${list}
${links ? `<nav aria-label="Pages">${links}</nav>` : ''}`;
  return layout(pages > 1 ? `E-mail, page ${page} of ${pages}` : 'E-mail', content);
}

export function messagePage(mail: MailContent): string {
  const files = mail.attachments.map(
    (file, index) =>
      `<li><a href="/mailbox/${mail.id}/attachments/${index}" download>${escapeHtml(file.fileName)}</a> ` +
      `<span class="meta">${escapeHtml(file.mediaType)}, ${Math.ceil(file.size / 1024)} kB</span></li>`,
  );
  const content = `<nav aria-label="Back"><a href="/mailbox">All e-mail</a></nav>
<h1>${escapeHtml(mail.subject)}</h1>
<dl><dt>From</dt><dd>${escapeHtml(mail.from)}</dd><dt>To</dt><dd>${escapeHtml(mail.to)}</dd><dt>Date</dt><dd>${time(mail.date)}</dd></dl>
<pre>${escapeHtml(mail.text.trim())}</pre>
${files.length > 0 ? `<h2>Attached</h2><ul>${files.join('\n')}</ul>` : ''}`;
  return layout(mail.subject, content);
}

export const notFoundPage = (): string =>
  layout(
    'Not found',
    '<h1>Not found</h1><p>There is no such page or e-mail here. <a href="/mailbox">All e-mail</a></p>',
  );
