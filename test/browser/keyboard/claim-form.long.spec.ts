import { goByTab } from '../../support/browser.js';
import '../claim-form.spec.js';

goByTab();
