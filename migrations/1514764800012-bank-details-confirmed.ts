import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** Who rang whom before an account is paid to, and the contacts an authority has had. */
export class BankDetailsConfirmed1514764800012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CONTACTS);
    await runner.query(CONFIRMATION);
    await runner.query(ELSEWHERE);
    for (const table of ['authority_contact', 'bank_details_confirmation']) await enableRls(runner, table);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const CONTACTS = `
  ALTER TABLE authority_profile ADD COLUMN contact_phone text CHECK (contact_phone ~ '^[0-9+() -]{7,30}$');
  CREATE TABLE authority_contact (
    authority_code text NOT NULL REFERENCES authority,
    version int NOT NULL,
    contact_email text,
    phone_digits text CHECK (phone_digits ~ '^[0-9]{7,15}$'),
    held_from timestamptz NOT NULL,
    PRIMARY KEY (authority_code, version)
  );
  COMMENT ON TABLE authority_contact IS
    'The contact of every version of a profile: a changed account is told to whoever was the contact before, and confirmed by a number held before.';
  INSERT INTO authority_contact (authority_code, version, contact_email, held_from)
    SELECT authority_code, version, contact_email, updated_at FROM authority_profile;
  CREATE TRIGGER authority_contact_fixed BEFORE UPDATE OR DELETE ON authority_contact
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON authority_contact TO claims_app;`;

const CONFIRMATION = `
  CREATE TABLE bank_details_confirmation (
    authority_code text NOT NULL,
    version int NOT NULL,
    called_number text NOT NULL,
    spoke_to text NOT NULL,
    confirmed_by uuid NOT NULL,
    confirmed_at timestamptz NOT NULL,
    PRIMARY KEY (authority_code, version),
    FOREIGN KEY (authority_code, version) REFERENCES bank_details
  );
  COMMENT ON TABLE bank_details_confirmation IS 'Without a row an account is not paid to. Demo accounts are confirmed by the system.';
  INSERT INTO bank_details_confirmation (authority_code, version, called_number, spoke_to, confirmed_by, confirmed_at)
    SELECT authority_code, version, 'demo', 'demo', entered_by, entered_at FROM bank_details WHERE demo;
  CREATE TRIGGER bank_details_confirmation_fixed BEFORE UPDATE OR DELETE ON bank_details_confirmation
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON bank_details_confirmation TO claims_app;`;

/** Answers only yes or no: who asks may see no other authority's account. */
const ELSEWHERE = `
  CREATE FUNCTION bank_account_of_another(p_authority text, p_sort_code text, p_account_number text, p_iban text)
  RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
    v_found boolean;
  BEGIN
    v_found := EXISTS (SELECT FROM public.bank_details b WHERE b.authority_code <> p_authority
      AND ((b.sort_code = p_sort_code AND b.account_number = p_account_number) OR b.iban = p_iban));
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
    RETURN v_found;
  END $$;
  REVOKE ALL ON FUNCTION bank_account_of_another FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION bank_account_of_another TO claims_app;`;
