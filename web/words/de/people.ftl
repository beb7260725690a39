# Personen: Mitglieder, Einladungen, Rollen.

people-title = Personen
people-intro = Wer Zugang hat und was diese Personen hier dürfen. Bei jedem Rollenwechsel, Entfernen, Zurücksetzen und neu gesendeten Passwort bekommen die Eigentümer eine E-Mail.
people-docs = Personen und Rollen

people-members = Mitglieder
people-search = Name oder E-Mail
people-any-role = Alle Rollen
people-nobody = Keine Treffer.
people-everybody = Alle anzeigen
people-by-role = Nach Rolle, die mit den meisten Rechten zuerst. Eine geänderte Rolle gilt ab dem nächsten Klick.
people-by-name = Nach Name. Eine geänderte Rolle gilt ab dem nächsten Klick.
people-by-age = Neueste zuerst. Eine geänderte Rolle gilt ab dem nächsten Klick.
people-name = Name
people-email = E-Mail
people-role = Rolle
people-state = Status
people-since = Seit
people-last-sign-in = Letzte Anmeldung
people-never = nie
people-action = Aktion
people-you = { $name } (Sie)
people-change = Ändern
people-change-whom = { $name } ändern
people-codes = { $count ->
    [0] Keine Wiederherstellungscodes
    [one] Noch 1 Wiederherstellungscode
   *[other] Noch { $count } Wiederherstellungscodes
}
people-active = aktiv
people-held-up = blockiert
people-not-yet = noch nie angemeldet
people-being-made = Zugang wird angelegt
people-password-mailed = Passwort gesendet am { $at }

people-invite = Person einladen
people-invite-email = E-Mail der Person
people-invite-email-hint = Dorthin geht ein Link, der drei Tage gilt. Bis zur Annahme ändert sich nichts.
people-invite-send = Einladung senden
people-may = Was die Person darf
people-may-missing = Wählen Sie, was die Person darf.

people-invitations = Einladungen
people-invitations-none = Zurzeit ist niemand eingeladen.
people-invitations-order = Neueste zuerst. Ein Link gilt einmal, drei Tage lang; erneutes Senden ersetzt ihn.
people-invitations-pages = Seiten der Einladungen
people-invitations-address = Adresse
people-invitations-until = Gültig bis
people-resend = Erneut senden
people-resend-whom = Erneut an { $email } senden
people-take-back = Zurückziehen
people-take-back-whom = Einladung an { $email } zurückziehen

## Was eben getan wurde.
people-done-invited = Eine Einladung an { $email } ist unterwegs. Der Link gilt drei Tage.
people-done-taken-back = Die Einladung ist zurückgezogen. Ihr Link öffnet nichts mehr.
people-done-changed = { $name } hat jetzt die Rolle { $role ->
    [owner] Eigentümer
    [admin] Admin
    [developer] Entwickler
    [agent] Agent
    [auditor] Prüfer
   *[other] { $role }
}. Das gilt ab dem nächsten Klick.
people-done-reset = { $name } ist überall abgemeldet und richtet bei der nächsten Anmeldung, nach dem Passwort, eine neue Authenticator-App ein.
people-done-mailed = Ein neues vorläufiges Passwort an { $email } ist unterwegs. Das bisherige gilt nicht mehr.
people-done-removed = Die Person ist entfernt und hat keinen Zugang mehr.

## Ein Mitglied.
people-member = Mitglied
people-member-about = Über dieses Mitglied
people-member-since = Mitglied seit
people-member-locked = Wer das ändern darf
people-member-locked-why = Nur ein Eigentümer kann einen Eigentümer ändern. Fragen Sie einen Eigentümer Ihres Kontos.
people-member-back = Zurück zu den Personen
people-member-last = Der letzte Eigentümer bleibt
people-member-last-why = Ein Konto behält einen Eigentümer, der sich anmelden kann. Machen Sie zuerst jemand anderen zum Eigentümer; diese Person muss sich einmal anmelden. Dann lassen sich die Rolle ändern und das Konto verlassen.
people-member-role = Rolle ändern
people-member-role-yours = Das sind Sie selbst: Mit weniger Rechten können Sie das vielleicht nicht mehr selbst rückgängig machen.
people-member-role-invitations = Offene Einladungen dieser Person werden zurückgezogen; sie lassen sich erneut senden.
people-member-ways = Zugang und Austritt
people-member-mail = Neues vorläufiges Passwort senden
people-member-mail-when = Wenn die E-Mail verloren ging oder die sieben Tage vorbei sind. Das bisherige gilt dann nicht mehr.
people-member-mail-button = Passwort senden
people-member-reset = Authenticator-App zurücksetzen
people-member-reset-when = Wenn das Telefon verloren oder neu ist. Das Passwort bleibt.
people-member-reset-button = Zurücksetzen
people-member-address = Eine andere Adresse verwenden
people-member-address-how = Eine Adresse lässt sich nicht ändern. Nimmt der Anmeldedienst diese nicht an, entfernen Sie dieses Mitglied und { $invite }. Es geht nichts verloren: Die Person hat sich noch nie angemeldet.
people-member-address-invite = laden Sie dann die richtige Adresse ein
people-member-remove = Aus diesem Konto entfernen
people-member-remove-means = Die Person hat keinen Zugang mehr. Was sie getan hat, bleibt im Protokoll.
people-member-remove-button = Entfernen
people-member-leave = Konto verlassen
people-member-leave-means = Sie haben keinen Zugang mehr, bis jemand Sie wieder einlädt.

## Die Fragen, bevor etwas weggenommen wird.
people-remove-title = Mitglied entfernen
people-remove-question = { $name } entfernen?
people-remove-means = Die Person verliert mit dem nächsten Klick den Zugang, in jedem Browser. Gehört sie zu keinem anderen Konto, wird auch ihr Anmeldekonto geschlossen. Offene Einladungen dieser Person werden zurückgezogen. Sie können die Person später wieder einladen.
people-leave-question = Dieses Konto verlassen?
people-leave-means = Sie verlieren sofort den Zugang und können das nicht selbst rückgängig machen: Jemand muss Sie wieder einladen. Ihre offenen Einladungen werden zurückgezogen.
people-reset-title = Authenticator-App zurücksetzen
people-reset-question = Authenticator-App von { $name } zurücksetzen?
people-reset-means = Die Person wird überall abgemeldet. Bei der nächsten Anmeldung, nach dem Passwort, richtet sie eine neue Authenticator-App ein. Vergewissern Sie sich, dass die Bitte wirklich von ihr kommt: Rufen Sie an, antworten Sie nicht auf eine E-Mail.
people-reset-own-question = Ihre eigene Authenticator-App zurücksetzen?
people-reset-own-means = Sie werden überall abgemeldet, auch hier. Bei der nächsten Anmeldung, nach dem Passwort, richten Sie eine neue Authenticator-App ein.
people-reset-nothing = Die Person hat sich noch nie angemeldet, es gibt also noch keine Authenticator-App zurückzusetzen. Wenn sie nicht hineinkommt, senden Sie ihr ein neues vorläufiges Passwort.
people-question-about = Um wen es geht
people-question-back = Zurück
people-question-cancel = Abbrechen
