// One's answers to the organiser's own questions, on one's own page.
import { useState } from 'preact/hooks';
import { language } from '../../i18n';
import { common } from '../../i18n/common';
import { errorField, fieldText } from '../../i18n/errors';
import { useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { FormDialog } from '../../ui/FormDialog';
import { toast } from '../../ui/Toast';
import { AnswerList } from './AnswerList';
import { api, type MyProfile } from './api';
import { answerFaults, toAnswers, toTyped } from './formQuestions';
import { QuestionFields } from './QuestionFields';
import { questionTexts } from './questionTexts';

interface MyAnswersProps {
  profile: MyProfile;
  set: (profile: MyProfile) => void;
}

/** Nothing where nothing is asked. */
export function MyAnswers({ profile, set }: MyAnswersProps) {
  const t = questionTexts();
  const [changing, setChanging] = useState(false);
  if (profile.questions.length === 0) return null;
  const edit = (
    <Button look="quiet" icon="edit" small onClick={() => setChanging(true)}>
      <span>{common().edit}</span>
      <span class="visually-hidden"> ({t.mine})</span>
    </Button>
  );
  const done = (now: MyProfile) => {
    setChanging(false);
    set(now);
    toast.good(common().saved);
  };
  return (
    <Card title={t.mine} actions={edit}>
      <AnswerList items={profile.questions.map((question) => ({ question, answer: question.answer }))} />
      {changing && <AnswersDialog profile={profile} onClose={() => setChanging(false)} onDone={done} />}
    </Card>
  );
}

interface AnswersDialogProps {
  profile: MyProfile;
  onClose: () => void;
  onDone: (profile: MyProfile) => void;
}

function AnswersDialog({ profile: { questions }, onClose, onDone }: AnswersDialogProps) {
  const t = questionTexts();
  const [typed, setTyped] = useState(() => toTyped(questions));
  const [tried, setTried] = useState(false);
  const wrong = answerFaults(questions, typed);
  const save = useAction(async () => onDone(await api.changeMyAnswers(toAnswers(questions, typed))));
  const submit = () => {
    setTried(true);
    if (Object.keys(wrong).length === 0) void save.run();
  };
  const fault = (name: string) => (tried && wrong[name]) || (errorField(save.error) === name ? fieldText(save.error) : null);
  return (
    <FormDialog title={t.edit} wide action={save} fields={['answers']} submit={common().save} onSubmit={submit} onClose={onClose}>
      <QuestionFields questions={questions} language={language.value} typed={typed} onChange={setTyped} fault={fault} />
    </FormDialog>
  );
}
