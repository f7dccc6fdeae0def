import {
  Button,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from 'govuk-frontend';

// Everything works without this: it only makes it quicker to use.
createAll(Button, { preventDoubleClick: true });
for (const component of [ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink])
  createAll(component);
