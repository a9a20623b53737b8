/** Server settings by name, as in postgresql.conf. */
export type Settings = Readonly<Record<string, string>>;

/** For data that nobody will miss: a crash of the machine may corrupt it. Tests only, never benchmarks or users. */
export const THROWAWAY_SETTINGS: Settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/**
 * What every local server runs with: reachable from this machine only and over TCP only (a socket file would
 * need a folder that both users may enter), messages in English so that they can be recognised.
 */
export const BASE_SETTINGS: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  lc_messages: 'C',
  log_line_prefix: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_connections: '200',
};
