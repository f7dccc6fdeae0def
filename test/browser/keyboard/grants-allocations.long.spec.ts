import { goByTab } from '../../support/browser.js';
import '../grants-allocations.spec.js';

goByTab();
