const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });

/** `14:03:59` in the reader's time zone. */
export function formatTime(at: number): string {
  return time.format(at);
}

/** `04 Jul 14:03:59`: for lists that span days. */
export function formatMoment(at: number): string {
  return `${day.format(at)} ${time.format(at)}`;
}

/** `3d 4h`, `2h 05m`, `4m 09s`, `12s`: the two largest units of a length of time. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  const rest = whole % 60;
  const padded = (value: number) => String(value).padStart(2, '0');
  if (days > 0) return `${days}d ${hours}h`;
  if (hours > 0) return `${hours}h ${padded(minutes)}m`;
  if (minutes > 0) return `${minutes}m ${padded(rest)}s`;
  return `${rest}s`;
}
