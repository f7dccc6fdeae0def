import * as kinds from './kinds.js';

export {
  ArrayField,
  BicField,
  BooleanField,
  CodeField,
  CountryField,
  DateField,
  DaysField,
  EmailField,
  EnumField,
  IbanField,
  InstantField,
  IntegerField,
  JsonField,
  NestedField,
  PenceField,
  RecordField,
  TextField,
  UuidField,
} from './decorators.js';
export { EmptyInput } from './empty-input.js';
export { kinds };
export { honourVersion, requireVersion, versionStale, type ExpectedVersion } from './version.js';
export { validateInput, validateQuery } from './validate-input.js';
