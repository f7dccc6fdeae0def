export { composeMail, escapeHtml, type ComposedMail, type MailMessage } from './mail-message.js';
export { MailModule, mailboxFolder } from './mail.module.js';
export { MailFailure, MailTransport, type MailSession } from './mail-transport.js';
export { MAIL_EXTENSION, MailboxTransport, mailFileName } from './mailbox-transport.js';
export { SmtpTransport } from './smtp-transport.js';
