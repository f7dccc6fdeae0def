import { Module } from '@nestjs/common';
import { AppConfig } from '#platform/config';
import { mailboxFolder } from '#platform/mail';
import { LocalOnlyGuard } from './local-only.guard.js';
import { Mailbox } from './mailbox.js';
import { MailboxController } from './mailbox.controller.js';

/** The page /mailbox. Mounted only where e-mail is kept instead of sent. */
@Module({
  controllers: [MailboxController],
  providers: [
    LocalOnlyGuard,
    {
      provide: Mailbox,
      inject: [AppConfig],
      useFactory: (config: AppConfig) => new Mailbox(mailboxFolder(config.dataDir)),
    },
  ],
})
export class MailboxModule {}
