/** WebSocket close codes of `/api/ws`. */
export const CLOSE_CODES = { badMessage: 3001, tokenExpired: 3005, tooSlow: 3008, restart: 1012 } as const;
