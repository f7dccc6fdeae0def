/** What the DocumentKinds that an app brings are injected by. */
export const DOCUMENT_KINDS = Symbol('DocumentKinds');
