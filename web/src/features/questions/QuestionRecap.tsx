// The questions that this person asked, when the session is over.
import { Card } from '../../ui/Card';
import type { ViewProps } from '../feature';
import { MyList } from './QuestionPanel';
import type { QuestionStore } from './store';
import { questionTexts } from './texts';

export function QuestionRecap({ store }: ViewProps<QuestionStore>) {
  const t = questionTexts();
  const supported = store.voted.value.size;
  if (store.mine.value.length === 0 && supported === 0) return null;
  return (
    <Card title={t.mine} {...(supported > 0 && { text: t.supported(supported) })}>
      {store.mine.value.length > 0 && <MyList store={store} />}
    </Card>
  );
}
