// What an HCP sees and corrects about themselves: name, address, profession, consents.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { codeLabel, formatDate, language } from '../../i18n';
import { common } from '../../i18n/common';
import { ATTRIBUTES, type MyRegistration } from '../../net/types';
import { useAction } from '../../state/action';
import { codes, loadCodes, loadCountries } from '../../state/codes';
import { type Resource, useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import { Verbatim } from '../../ui/Verbatim';
import { AddressDialog } from './AddressDialog';
import { api, type MyProfile } from './api';
import { isAffiliated } from './categories';
import { categoryTexts } from './categoryTexts';
import { MyAnswers } from './MyAnswers';
import { NameDialog, ProfileDialog } from './MyDialogs';
import { Privacy } from './Privacy';
import { SeenBy } from './SeenBy';
import { myTexts } from './myTexts';

interface MyDetailsProps {
  mine: MyRegistration;
  onChanged: (mine: MyRegistration) => void;
}

export function MyDetails({ mine, onChanged }: MyDetailsProps) {
  const profile = useResource('my profile', async () => {
    const [found, lists] = await Promise.all([api.myProfile(), loadCodes()]);
    const { region } = found.declared;
    if (region && !lists.region.some(({ code }) => code === region)) await loadCountries();
    return found;
  });
  return (
    <ResourceView of={profile} lines={4}>
      {(found) => (
        <>
          <Details mine={mine} profile={found} set={profile.set} onChanged={onChanged} />
          <MyAnswers profile={found} set={profile.set} />
          <SeenBy representative={found.representative} organisation={mine.organisation} />
          <Consents profile={found} zone={mine.congress.time_zone} set={profile.set} />
        </>
      )}
    </ResourceView>
  );
}

interface DetailsProps extends MyDetailsProps {
  profile: MyProfile;
  set: Resource<MyProfile>['set'];
}

type Asking = 'name' | 'address' | 'profile';

function Details({ mine, profile, set, onChanged }: DetailsProps) {
  const t = myTexts();
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  const changed = (found: MyProfile, text = common().saved) => {
    close();
    set(found);
    toast.good(text);
    if (found.email !== mine.email) onChanged({ ...mine, email: found.email });
  };
  const renamed = (found: MyRegistration) => {
    close();
    toast.good(common().saved);
    onChanged(found);
  };
  return (
    <Card title={t.details} flush>
      <dl class="my-details">
        <Detail label={t.name} onEdit={() => setAsking('name')}>
          <Verbatim>
            {mine.first_name} {mine.last_name}
          </Verbatim>
        </Detail>
        <Detail label={t.email} onEdit={() => setAsking('address')}>
          <Verbatim>{profile.email}</Verbatim>
          {profile.new_email && <span class="muted small">{t.waits(profile.new_email)}</span>}
        </Detail>
        <Declared profile={profile} onEdit={() => setAsking('profile')} />
      </dl>
      {asking === 'name' && <NameDialog mine={mine} onClose={close} onDone={renamed} />}
      {asking === 'profile' && <ProfileDialog profile={profile} onClose={close} onDone={changed} />}
      {asking === 'address' && (
        <AddressDialog
          profile={profile}
          onAsked={set}
          onClose={close}
          onDone={(found) => changed(found, t.addressChanged)}
        />
      )}
    </Card>
  );
}

/** What is declared in the category, which stays as it is. */
function Declared({ profile, onEdit }: { profile: MyProfile; onEdit: () => void }) {
  const { category } = profile;
  const label = category === 'hcp' ? myTexts().profile : categoryTexts().registeredAs;
  return (
    <Detail label={label} {...(category !== 'public' && { onEdit })}>
      {category === 'hcp' ? <ProfileLines profile={profile} /> : <OtherLines profile={profile} />}
    </Detail>
  );
}

function OtherLines({ profile: { category, affiliation, declared } }: { profile: MyProfile }) {
  const t = categoryTexts();
  return (
    <>
      <span>{t.self[category]}</span>
      <dl class="my-profile">
        {category === 'student' && declared.profession && (
          <div>
            <dt>{t.studies}</dt>
            <dd>{codeLabel(codes.value?.profession, declared.profession)}</dd>
          </div>
        )}
        {isAffiliated(category) && affiliation && (
          <div>
            <dt>{t.affiliation[category]}</dt>
            <dd>
              <Verbatim>{affiliation}</Verbatim>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}

interface DetailProps {
  label: string;
  /** Absent: there is nothing to change. */
  onEdit?: () => void;
  children: ComponentChildren;
}

function Detail({ label, onEdit, children }: DetailProps) {
  return (
    <div class="my-details__row">
      <dt>{label}</dt>
      <dd class="my-details__value">{children}</dd>
      {onEdit && (
        <dd class="my-details__edit">
          <Button look="quiet" icon="edit" small onClick={onEdit}>
            <span>{common().edit}</span>
            <span class="visually-hidden"> ({label})</span>
          </Button>
        </dd>
      )}
    </div>
  );
}

function ProfileLines({ profile: { declared } }: { profile: MyProfile }) {
  return (
    <dl class="my-profile">
      {ATTRIBUTES.map((list) => {
        const code = declared[list];
        if (!code) return null;
        return (
          <div key={list}>
            <dt>{common().attribute[list]}</dt>
            <dd>{codeLabel(codes.value?.[list], code)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

interface ConsentsProps {
  profile: MyProfile;
  zone: string;
  set: Resource<MyProfile>['set'];
}

function Consents({ profile, zone, set }: ConsentsProps) {
  const t = myTexts();
  return (
    <Card title={t.consents} flush>
      <ul class="plain my-consents">
        {profile.consents.map((consent) => (
          <li key={consent.kind}>
            <Consent consent={consent} zone={zone} set={set} />
          </li>
        ))}
      </ul>
      <Privacy notice={profile} />
    </Card>
  );
}

interface ConsentProps {
  consent: MyProfile['consents'][number];
  zone: string;
  set: Resource<MyProfile>['set'];
}

function Consent({ consent, zone, set }: ConsentProps) {
  const t = myTexts();
  const { kind, version, required, given, at } = consent;
  const answer = useAction(async () => {
    set(await api.answerConsent(kind, version, !given, language.value));
    toast.good(given ? t.withdrawn : t.givenNow);
  });
  return (
    <div class="stack stack--tight">
      <p class="my-consents__state">
        <Badge tone={given ? 'good' : 'neutral'}>{given ? t.given : t.notGiven}</Badge>
        {at && <span class="muted small number">{t.since(formatDate(at, zone, { dateStyle: 'long' }))}</span>}
      </p>
      <p>{language.value === 'fr' ? consent.text_fr : consent.text_en}</p>
      {required && <p class="muted small">{t.participation}</p>}
      {answer.error !== null && <Banner tone="bad">{answer.text()}</Banner>}
      {!required && (
        <div class="row">
          <Button busy={answer.busy} onClick={() => void answer.run()}>
            {given ? t.withdraw : t.give}
          </Button>
        </div>
      )}
    </div>
  );
}
