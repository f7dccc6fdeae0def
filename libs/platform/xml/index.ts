export { element, optional, xmlText } from './xml-writer.js';
