import type { SMTPConnectionCredentials, SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';

export interface SmtpSettings {
  options: SMTPConnectionOptions;
  credentials: SMTPConnectionCredentials | null;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/**
 * Reads SMTP_URL: `smtps://user:password@host` (TLS from the start, port 465) or `smtp://…` (port 587, STARTTLS when the
 * server offers it). A password never goes out unencrypted, except to this machine itself. `?tls=required` insists on
 * TLS without one; `?name=` is what the client calls itself.
 */
export function smtpSettings(url: string): SmtpSettings {
  const at = new URL(url);
  const host = at.hostname.replace(/^\[|\]$/g, '');
  const secure = at.protocol === 'smtps:';
  const credentials = at.username
    ? { user: decodeURIComponent(at.username), pass: decodeURIComponent(at.password) }
    : null;
  const name = at.searchParams.get('name');
  return {
    credentials,
    options: {
      host,
      port: at.port ? Number(at.port) : secure ? 465 : 587,
      secure,
      requireTLS:
        !secure && (at.searchParams.get('tls') === 'required' || (credentials !== null && !LOOPBACK.test(host))),
      ...(name ? { name } : {}),
      tls: { minVersion: 'TLSv1.2' },
      connectionTimeout: 15_000,
      greetingTimeout: 15_000,
      socketTimeout: 60_000,
    },
  };
}
