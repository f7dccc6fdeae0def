import { type Figure } from '../figure.js';
export const delivery: Figure = { name: 'delivery', title: 'delivery', run: async () => ({ ratios: [], amounts: [] }) };
