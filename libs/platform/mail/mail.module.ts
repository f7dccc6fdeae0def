import { join } from 'node:path';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '#platform/config';
import { MailboxTransport } from './mailbox-transport.js';
import { MailTransport } from './mail-transport.js';
import { SmtpTransport } from './smtp-transport.js';

/** The folder of the local mailbox. */
export const mailboxFolder = (dataDir: string): string => join(dataDir, 'mailbox');

/** Provides `MailTransport`: SMTP when SMTP_URL is set, the local mailbox otherwise. Needs ConfigModule. */
@Global()
@Module({
  providers: [
    {
      provide: MailTransport,
      inject: [AppConfig],
      useFactory: ({ mail, dataDir }: AppConfig): MailTransport =>
        mail.smtpUrl ? new SmtpTransport(mail.smtpUrl) : new MailboxTransport(mailboxFolder(dataDir)),
    },
  ],
  exports: [MailTransport],
})
export class MailModule implements OnApplicationShutdown {
  constructor(@Inject(MailTransport) private readonly transport: MailTransport) {}

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }
}
