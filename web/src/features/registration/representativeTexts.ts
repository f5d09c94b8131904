// What organisers read of the representatives who give registration links out.
import { defineTexts } from '../../i18n';

export const representativeTexts = defineTexts(
  {
    add: 'Representative’s link',
    addText:
      'The representative gets two addresses by e-mail: the link to pass on, and a personal page that shows who registered by it, and who attended and completed. No account is needed. The registration page tells everyone who comes by this link.',
    name: 'Name of the representative',
    nameHint: 'As people who register read it.',
    email: 'E-mail address',
    language: 'Language of the e-mail',
    label: 'Label of the link',
    labelHint: 'Left empty: the name. Of two links of the channel each needs its own.',
    create: 'Create and send',
    sent: (email: string) => `Sent to ${email}`,
    sees: (name: string) => `${name} sees who comes by this link`,
    seesNoMore: (name: string) => `${name} does not see any more who comes by this link`,
    neverSeen: 'has not opened the page yet',
    seen: (day: string) => `last opened the page on ${day}`,
    again: 'Send the page again',
    againText: (name: string, email: string) => `${name} gets a new address of the page at ${email}. The one sent before stops working.`,
    end: 'End access to the page',
    endTitle: 'End this representative’s access?',
    endText: (name: string) =>
      `${name} sees no more who registered by this link, and the registration page no longer says so. The link itself stays. This cannot be undone: for a new access, create a new link.`,
    ended: 'Access ended',
  },
  {
    add: 'Lien de délégué',
    addText:
      'Le délégué reçoit deux adresses par e-mail : le lien à transmettre, et une page personnelle qui montre qui s’est inscrit par ce lien, qui a participé et qui a tout suivi. Aucun compte n’est nécessaire. La page d’inscription en informe toute personne venue par ce lien.',
    name: 'Nom du délégué',
    nameHint: 'Tel que le liront les personnes qui s’inscrivent.',
    email: 'Adresse e-mail',
    language: 'Langue de l’e-mail',
    label: 'Libellé du lien',
    labelHint: 'Laissé vide : le nom. Deux liens d’un même canal ne peuvent pas porter le même.',
    create: 'Créer et envoyer',
    sent: (email) => `Envoyé à ${email}`,
    sees: (name) => `${name} voit qui s’inscrit par ce lien`,
    seesNoMore: (name) => `${name} ne voit plus qui s’inscrit par ce lien`,
    neverSeen: 'page pas encore ouverte',
    seen: (day) => `page ouverte pour la dernière fois le ${day}`,
    again: 'Envoyer à nouveau la page',
    againText: (name, email) => `${name} recevra une nouvelle adresse de sa page à ${email}. La précédente cessera de fonctionner.`,
    end: 'Retirer l’accès à la page',
    endTitle: 'Retirer l’accès de ce délégué ?',
    endText: (name) =>
      `${name} ne verra plus qui s’est inscrit par ce lien, et la page d’inscription ne l’indiquera plus. Le lien lui-même est conservé. Cette action est définitive : pour rendre un accès, créez un nouveau lien.`,
    ended: 'Accès retiré',
  },
);
