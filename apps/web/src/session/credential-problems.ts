/** What the api would refuse about an e-mail and a password, said before asking it. */
export function credentialProblems(email: string, password: string): { email?: string; password?: string } {
  const problems: { email?: string; password?: string } = {};
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())) problems.email = 'Enter an e-mail address.';
  else if (email.trim().length > 254) problems.email = 'The e-mail address is too long.';
  if (password.length < 10) problems.password = 'A password has at least 10 characters.';
  else if (password.length > 200) problems.password = 'A password has at most 200 characters.';
  return problems;
}
