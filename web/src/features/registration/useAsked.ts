// Which of the organiser's own questions the form asks, as somebody types: the server knows whom each is for.
import { useEffect, useRef, useState } from 'preact/hooks';
import { language } from '../../i18n';
import { api, type RegistrationPage } from './api';
import type { Person } from './form';
import type { AskedQuestion } from './formQuestions';

export interface Asked {
  questions: readonly AskedQuestion[];
  /** Asks the server again: it refused what the page did not ask. */
  reload: () => Promise<void>;
}

export function useAsked(code: string, page: RegistrationPage, draft: Person): Asked {
  const { category, profession, specialty, practice_setting, region, age_band } = draft;
  const typed = { profession, specialty: specialty || null, practice_setting, region, age_band, language: language.value };
  const [questions, setQuestions] = useState<readonly AskedQuestion[]>(page.questions);
  const newest = useRef(0);
  const reload = async () => {
    const turn = ++newest.current;
    const found = await api.askedQuestions(code, typed);
    if (turn === newest.current) setQuestions(found.questions);
  };
  /** No profile accepts others than HCPs. */
  const reset = () => {
    newest.current++;
    setQuestions(page.questions);
  };
  useEffect(() => {
    // Without the network what is shown stays; the server decides again when the form is sent.
    if (page.questions_adapt && profession && category === 'hcp') void reload().catch(() => {});
    else if (category !== 'hcp') reset();
  }, [category, profession, specialty, practice_setting, region, age_band, language.value]);
  return { questions, reload };
}
