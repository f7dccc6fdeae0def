const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

/**
 * One plain e-mail address that any mail server takes: dots and atoms before the @ (RFC 5321, Dot-string), a domain of
 * at least two labels or `localhost` after it, 254 characters at most. Nothing quoted, no comment, no white space and no
 * letters beyond ASCII, which not every server takes: an address accepted here can be sent to, and nothing in it could
 * add a header or another recipient.
 */
export const PLAIN_ADDRESS = new RegExp(
  `^(?=.{3,254}$)(?=[^@]{1,64}@)${ATOM}(?:\\.${ATOM})*@(?:localhost|${LABEL}(?:\\.${LABEL})+)$`,
);
