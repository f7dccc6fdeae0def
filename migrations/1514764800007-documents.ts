import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** Issued documents, such as claim invoices and credit notes, and their e-mails. */
export class Documents1514764800007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(DOCUMENT);
    await runner.query(FROZEN);
    await runner.query(DELIVERY);
    for (const table of ['document', 'delivery']) await enableRls(runner, table);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const DOCUMENT = `
  CREATE TABLE document (
    id uuid PRIMARY KEY,
    authority_code text NOT NULL,
    programme_code text NOT NULL,
    claim_id uuid,
    kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
    number text NOT NULL UNIQUE,
    seq int NOT NULL CHECK (seq >= 1),
    issued_on date NOT NULL,
    total_pence bigint NOT NULL CHECK (total_pence >= 0),
    refers_to uuid REFERENCES document,
    model jsonb NOT NULL,
    payer_email text CHECK (length(payer_email) BETWEEN 3 AND 254),
    authority_email text CHECK (length(authority_email) BETWEEN 3 AND 254),
    created_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'stored', 'failed')),
    pdf_key text,
    pdf_sha256 text CHECK (pdf_sha256 ~ '^[0-9a-f]{64}$'),
    pdf_size int CHECK (pdf_size > 0),
    xml_key text,
    xml_sha256 text CHECK (xml_sha256 ~ '^[0-9a-f]{64}$'),
    xml_size int CHECK (xml_size > 0),
    stored_at timestamptz,
    attempts int NOT NULL DEFAULT 0,
    last_error text CHECK (length(last_error) <= 500),
    touched_at timestamptz NOT NULL,
    CONSTRAINT document_series UNIQUE (programme_code, authority_code, kind, seq),
    UNIQUE (id, authority_code),
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code),
    CONSTRAINT document_credit_refers CHECK (kind <> 'credit_note' OR refers_to IS NOT NULL),
    CONSTRAINT document_of_a_claim CHECK (kind NOT IN ('invoice', 'credit_note') OR claim_id IS NOT NULL AND payer_email IS NOT NULL),
    CONSTRAINT document_stored_whole CHECK ((state = 'stored') =
      (pdf_key IS NOT NULL AND pdf_sha256 IS NOT NULL AND pdf_size IS NOT NULL
       AND stored_at IS NOT NULL)),
    CONSTRAINT document_xml_whole CHECK (num_nonnulls(xml_key, xml_sha256, xml_size) =
      CASE WHEN state = 'stored' AND kind IN ('invoice', 'credit_note') THEN 3 ELSE 0 END)
  );
  COMMENT ON COLUMN document.model IS 'Everything printed, frozen at issue; the PDF and the XML are made from nothing else.';
  COMMENT ON COLUMN document.touched_at IS 'When a job was last asked for, or last tried.';
  -- The claim's current invoice: claim is older than this table.
  ALTER TABLE claim ADD CONSTRAINT claim_current_invoice FOREIGN KEY (invoice_id) REFERENCES document;
  CREATE INDEX document_of_claim ON document (claim_id, created_at);
  CREATE INDEX document_refers_to ON document (refers_to) WHERE refers_to IS NOT NULL;
  CREATE INDEX document_unfinished ON document (state, touched_at) WHERE state <> 'stored';
  GRANT SELECT, INSERT ON document TO claims_app;
  GRANT UPDATE (state, pdf_key, pdf_sha256, pdf_size, xml_key, xml_sha256, xml_size, stored_at, attempts, last_error, touched_at)
    ON document TO claims_app;`;

/** An issued document never changes (docs/domain.md); a stored one not even in where its file is. The owner is held too. */
const FROZEN = `
  CREATE FUNCTION document_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'An issued document is never changed or removed: % of document is refused.', TG_OP USING ERRCODE = '42501';
  END $$;
  CREATE TRIGGER document_kept BEFORE DELETE OR TRUNCATE ON document
    FOR EACH STATEMENT EXECUTE FUNCTION document_refuse();
  CREATE TRIGGER document_frozen BEFORE UPDATE ON document FOR EACH ROW
    WHEN (OLD.state = 'stored'
      OR (OLD.id, OLD.authority_code, OLD.programme_code, OLD.claim_id, OLD.kind, OLD.number, OLD.seq, OLD.issued_on,
          OLD.total_pence, OLD.refers_to, OLD.model, OLD.payer_email, OLD.authority_email, OLD.created_at)
         IS DISTINCT FROM
         (NEW.id, NEW.authority_code, NEW.programme_code, NEW.claim_id, NEW.kind, NEW.number, NEW.seq, NEW.issued_on,
          NEW.total_pence, NEW.refers_to, NEW.model, NEW.payer_email, NEW.authority_email, NEW.created_at))
    EXECUTE FUNCTION document_refuse();`;

const DELIVERY = `
  CREATE TABLE delivery (
    id uuid PRIMARY KEY,
    document_id uuid,
    letter jsonb,
    notice_key text UNIQUE CHECK (length(notice_key) BETWEEN 1 AND 200),
    authority_code text NOT NULL,
    audience text NOT NULL CHECK (audience IN ('payer', 'authority')),
    to_address text NOT NULL CHECK (length(to_address) BETWEEN 3 AND 254),
    message_id text NOT NULL UNIQUE CHECK (message_id ~ '^<[^<>@[:space:]]+@[^<>@[:space:]]+>$'),
    created_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'unconfirmed', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    sending_at timestamptz,
    sent_at timestamptz,
    last_error text CHECK (length(last_error) <= 500),
    touched_at timestamptz NOT NULL,
    UNIQUE (document_id, audience),
    FOREIGN KEY (document_id, authority_code) REFERENCES document (id, authority_code),
    CONSTRAINT delivery_of_one_thing CHECK (num_nonnulls(document_id, letter) = 1 AND (letter IS NULL) = (notice_key IS NULL)),
    CONSTRAINT delivery_sending_since CHECK (state NOT IN ('sending', 'sent', 'unconfirmed') OR sending_at IS NOT NULL),
    CONSTRAINT delivery_sent_when CHECK ((state = 'sent') = (sent_at IS NOT NULL))
  );
  COMMENT ON COLUMN delivery.letter IS 'The words of a notice, an e-mail without a document, as they were when it was made.';
  COMMENT ON COLUMN delivery.notice_key IS 'What a notice is about: it is made once, however often that is found.';
  COMMENT ON COLUMN delivery.message_id IS 'The same for every attempt, so that a mailbox can drop a repeat.';
  COMMENT ON COLUMN delivery.sending_at IS 'Recorded before the data goes out: from then on the message may have arrived.';
  CREATE INDEX delivery_unfinished ON delivery (state, touched_at) WHERE state <> 'sent';
  CREATE INDEX delivery_newest ON delivery (id DESC);
  CREATE INDEX delivery_by_state ON delivery (state, id DESC);
  GRANT SELECT, INSERT ON delivery TO claims_app;
  GRANT UPDATE (state, attempts, sending_at, sent_at, last_error, touched_at) ON delivery TO claims_app;`;
