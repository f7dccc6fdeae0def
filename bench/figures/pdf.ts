import { type Figure } from '../figure.js';
export const pdf: Figure = { name: 'pdf', title: 'pdf', run: async () => ({ ratios: [], amounts: [] }) };
