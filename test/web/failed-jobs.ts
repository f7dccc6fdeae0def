import { v7 as uuid } from 'uuid';
import { Claims, simpleBody } from '../integration/claims-support.js';
import { type Service } from '../support/service.js';

/** A claim's PDF and one e-mail as they stand after all attempts were used up; the e-mail's id. */
export async function failedJobs(service: Service, state: 'failed' | 'unconfirmed'): Promise<string> {
  const claim = await new Claims(service).submitted(simpleBody('BRENT'));
  await service.admin.query(
    `UPDATE document SET state = 'failed', attempts = 3, last_error = 'no font for this' WHERE claim_id = $1`,
    [claim.id],
  );
  const id = uuid();
  await service.admin.query(
    `INSERT INTO delivery (id, document_id, authority_code, audience, to_address, message_id, created_at, touched_at,
                           state, attempts, sending_at, last_error)
     SELECT $2::uuid, id, authority_code, 'payer', 'claims@mtm.example', '<' || $2 || '@claims.example>', $4, $4, $3, 8, $4,
            'the server went away'
       FROM document WHERE claim_id = $1`,
    [claim.id, id, state, service.clock.now()],
  );
  return id;
}
