import { describe, expect, it } from '@jest/globals';
import { Form } from '../page/index.js';
import { profileBody, profilePath } from './authorities.presenter.js';

describe('an address as it was typed', () => {
  it('is a line a line, tidied; what is empty is nothing', () => {
    const form = new Form({
      legalName: ' London Borough of Brent ',
      addressLines: 'Civic  Centre\r\n\r\n Wembley ',
      postcode: 'ha9  0fj',
      contactName: ' ',
    });
    expect(profileBody(form)).toEqual({
      legalName: 'London Borough of Brent',
      addressLines: ['Civic Centre', 'Wembley'],
      postcode: 'HA9 0FJ',
      contactName: null,
      contactEmail: null,
      contactPhone: null,
    });
  });

  it('has its problems beside the one field there is', () => {
    expect(profilePath('addressLines[3]')).toBe('addressLines');
    expect(profilePath('postcode')).toBe('postcode');
  });
});
