export * from './execution/bonding-curve.ts';
