export interface NavigationItem {
  text: string;
  href: string;
  active: boolean;
  current: boolean;
}

interface Place {
  readonly text: string;
  readonly href: string;
  /** Who sees it; nobody named means everybody. */
  readonly roles?: readonly string[];
  /** Pages that belong to it and have addresses of their own. */
  readonly also?: readonly string[];
}

const MTM = ['mtm_finance', 'mtm_approver', 'coordinator', 'auditor'];
const MONEY = ['mtm_finance', 'mtm_approver', 'auditor'];
const LA = ['la_finance', 'la_manager'];

/**
 * What stands in the navigation of each page: what people do every day, then each week, then what they look at now and then. What a role
 * may not read is not shown to it. No role has more than two lines of it; what is read once, like the programme's terms, is in the footer.
 */
const PLACES: readonly Place[] = [
  { text: 'Home', href: '/' },
  { text: 'Work queue', href: '/queue', roles: ['mtm_finance', 'mtm_approver'], also: ['/adjustments'] },
  { text: 'Claims', href: '/claims', also: ['/claim-forms', '/claim-imports'] },
  { text: 'Search', href: '/search' },
  { text: 'Funding', href: '/funding', roles: MONEY },
  { text: 'Payments', href: '/payments', roles: MONEY },
  { text: 'Bank', href: '/bank', roles: MONEY },
  { text: 'Payments to us', href: '/payments-to-us', roles: LA },
  { text: 'Users', href: '/users', roles: ['administrator', 'auditor'] },
  { text: 'Jobs', href: '/jobs', roles: ['administrator', 'auditor'] },
  { text: 'Reports', href: '/reports', roles: [...MTM, ...LA] },
  { text: 'Allocations', href: '/allocations', roles: [...LA, ...MTM] },
  { text: 'S31 grant', href: '/grants', roles: [...LA, ...MTM] },
  { text: 'Evidence asked for', href: '/assurance/asked', roles: LA, also: ['/assurance'] },
  { text: 'Assurance', href: '/assurance', roles: MTM },
  // One address, by whom one is: /authorities leads an authority's people on to their own.
  { text: 'Your authority', href: '/authorities', roles: LA },
  { text: 'Bank details', href: '/bank-details', roles: [...LA, 'mtm_finance', 'mtm_approver'] },
  { text: 'Audit trail', href: '/audit', roles: ['auditor', 'administrator', 'mtm_finance'] },
  { text: 'Authorities', href: '/authorities', roles: [...MTM, 'administrator'] },
  { text: 'Help', href: '/help' },
];

/** The navigation of a person with these roles on this page. */
export function navigationFor(roles: readonly string[], path: string): NavigationItem[] {
  return PLACES.filter((place) => place.roles === undefined || place.roles.some((role) => roles.includes(role))).map(
    ({ text, href, also = [] }) => ({
      text,
      href,
      current: path === href,
      active: href !== '/' && [href, ...also].some((of) => path === of || path.startsWith(`${of}/`)),
    }),
  );
}
