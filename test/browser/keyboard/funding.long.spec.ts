import { goByTab } from '../../support/browser.js';
import '../funding.spec.js';

goByTab();
