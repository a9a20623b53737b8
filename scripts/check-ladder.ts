import { fileURLToPath } from 'node:url';
import { checkRepository } from './ladder/check-repository.ts';

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const { files, problems } = checkRepository(root);
for (const problem of problems) console.log(problem);
console.log(`ladder: ${files} files, ${problems.length} problems`);
process.exitCode = problems.length === 0 && files > 0 ? 0 : 1;
