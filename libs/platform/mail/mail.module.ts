import { join } from 'node:path';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { AppConfig } from '#platform/config';
import { MailboxTransport } from './mailbox-transport.js';
import { MailTransport } from './mail-transport.js';
import { SmtpTransport } from './smtp-transport.js';

/** The folder of the local mailbox. */
export const mailboxFolder = (dataDir: string): string => join(dataDir, 'mailbox');

/** Provides `MailTransport`: SMTP when SMTP_URL is set, the local mailbox otherwise. */
@Module({})
export class MailModule implements OnApplicationShutdown {
  constructor(@Inject(MailTransport) private readonly transport: MailTransport) {}

  static forRoot(config: Pick<AppConfig, 'mail' | 'dataDir'>): DynamicModule {
    const { smtpUrl } = config.mail;
    const transport = smtpUrl ? new SmtpTransport(smtpUrl) : new MailboxTransport(mailboxFolder(config.dataDir));
    return {
      module: MailModule,
      global: true,
      providers: [{ provide: MailTransport, useValue: transport }],
      exports: [MailTransport],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }
}
