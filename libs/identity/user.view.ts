import {
  ArrayField,
  BooleanField,
  EmailField,
  InstantField,
  IntegerField,
  kinds,
  TextField,
  UuidField,
} from '#platform/validation';
import { ROLES, type Role } from './domain/index.js';

/** A user as administrators and auditors see it. */
export class UserView {
  @UuidField()
  id: string;

  @EmailField()
  email: string;

  @TextField({ max: 200, example: 'Ada Demo' })
  name: string;

  @TextField({ max: 30, example: 'BRENT', description: 'An authority’s code, or MTM.' })
  organisation: string;

  @ArrayField(kinds.oneOf(ROLES), { max: ROLES.length })
  roles: Role[];

  @BooleanField({ description: 'False once deactivated: none of the user’s tokens work.' })
  active: boolean;

  @BooleanField({ description: 'Wants an e-mail every Monday about the organisation’s claims; the user’s own choice.' })
  weeklyDigest: boolean;

  @InstantField()
  createdAt: string;

  @IntegerField({ min: 1 })
  version: number;
}

/** A token as it can be read back: the token itself never is. */
export class TokenView {
  @UuidField()
  id: string;

  @UuidField()
  userId: string;

  @TextField({ max: 100, example: 'Finance system' })
  label: string;

  @InstantField()
  createdAt: string;

  @InstantField()
  expiresAt: string;

  @InstantField({ nullable: true })
  revokedAt: string | null;
}

/** The answer that holds a new token, the only time it is told. */
export class IssuedTokenView extends TokenView {
  @TextField({ max: 47, description: 'Shown this once. Keep it like a password.' })
  token: string;
}
