import { PublicShell } from '../../ui/PublicShell';
export default function SignInPage() {
  return <PublicShell title="amphi" width="narrow"><h1>amphi</h1></PublicShell>;
}
