import { type Load, useModule } from '../state/module';
import { ErrorState } from './ErrorState';
import { Skeleton } from './Progress';

interface LazyProps<P> {
  load: Load<P>;
  props: P;
}

/** A part of a page whose code is fetched when it is first shown. */
export function Lazy<P extends object>({ load, props }: LazyProps<P>) {
  const { view: View, error, retry } = useModule(load);
  if (View) return <View {...props} />;
  if (error !== null) return <ErrorState error={error} onRetry={retry} />;
  return <Skeleton lines={3} tall />;
}
