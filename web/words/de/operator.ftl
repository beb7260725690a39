# Die Seiten des Betreibers.

operator-newest-first = Neueste zuerst
operator-state = Status
operator-state-all = Alle
operator-state-none = Mit diesem Status gibt es nichts.

operator-registrations = Registrierungen
operator-registrations-intro = Jede Ankunft aus AWS Marketplace und der Schritt, der sie aufhält. Alles löst sich von selbst; nur was fehlgeschlagen ist, braucht jemanden.
operator-registrations-empty = Aus AWS Marketplace ist noch niemand gekommen.
operator-registrations-caption = Ein Konto wird wie überall durch seine letzten vier Ziffern gezeigt.
operator-registrations-came = Gekommen (UTC)
operator-registrations-account = AWS-Konto
operator-registrations-waits = Worauf sie wartet
operator-registrations-waits-short = Wartet auf
operator-registrations-tenant = Konto
operator-registrations-failed = fehlgeschlagen
operator-registrations-waiting = wartet
operator-registrations-done = erledigt
operator-registrations-looked = Zuletzt geprüft { $at }
operator-registrations-looked-failed = Zuletzt geprüft { $at }, { $count } Mal fehlgeschlagen

operator-tenants = Konten
operator-tenants-intro = Wer Kunde ist und was jeder gekauft hat. Von den Personen, Schlüsseln und Zahlungen der Kunden steht hier nichts.
operator-tenants-empty = Es gibt noch keines. Das erste entsteht mit dem ersten Käufer.
operator-tenants-caption = Eine beendete Lizenz bleibt in der Liste: Ihre Stunden können noch unterwegs zu AWS sein.
operator-tenants-only-set-up = In Einrichtung
operator-tenants-only-active = Aktiv
operator-tenants-only-ended = Beendet
operator-tenants-tenant = Konto
operator-tenants-licences = Lizenzen
operator-tenants-since = Seit
operator-tenants-set-up = in Einrichtung
operator-tenants-active = aktiv
operator-tenants-ended = beendet
operator-licence-in-force = in Kraft
operator-licence-ended = beendet
operator-licence-not-confirmed = noch nicht bestätigt
operator-licence-by-usage = { $standing }, nach Nutzung
operator-licence-by-contract = { $standing }, mit Vertrag

operator-events = Ereignisse
operator-events-intro = Was AWS gesendet hat, jedes einmal gezählt, und was daraus wurde.
operator-events-empty = Es ist noch nichts gekommen. AWS sendet das erste Ereignis mit der ersten Vereinbarung; wenn es Käufer gibt und hier nichts erscheint, prüfen Sie die EventBridge-Regel und ihre Queue.
operator-events-caption = Ein nicht zugeordnetes Ereignis betrifft eine Lizenz, die noch niemand registriert hat: Es gilt, sobald ihr Käufer kommt.
operator-events-only-new = Neu
operator-events-only-applied = Angewendet
operator-events-only-unmatched = Nicht zugeordnet
operator-events-only-duplicate = Doppelt
operator-events-only-unknown = Unbekannt
operator-events-only-unreadable = Unlesbar
operator-events-new = neu
operator-events-applied = angewendet
operator-events-unmatched = nicht zugeordnet
operator-events-duplicate = doppelt
operator-events-unknown = unbekannt
operator-events-unreadable = unlesbar
operator-events-arrived = Eingegangen (UTC)
operator-events-what = Was es meldet
operator-events-says = Meldet
operator-events-agreement = Vereinbarung
operator-events-as-it-came = Wie es kam
operator-events-happened = Geschehen { $at }
operator-events-no-envelope = Kein Umschlag, den wir kennen
operator-events-body = Inhalt von { $id }
operator-events-show = Anzeigen

operator-jobs = Jobs
operator-jobs-intro = Was begonnen und nicht beendet wurde. Nach { $most } Anläufen ohne Ende kommt ein Job in Quarantäne: Finden Sie zuerst heraus, was mit ihm nicht stimmt, und starten Sie ihn dann erneut.
operator-jobs-empty = Im Augenblick läuft nichts, und nichts ist in Quarantäne.
operator-jobs-begun-not-ended = Begonnen und nicht beendet
operator-jobs-caption = Zuerst, was in Quarantäne ist. Ein laufender Job verschwindet von hier, wenn er endet, ob gut oder schlecht.
operator-jobs-work = Arbeit
operator-jobs-item = Woran
operator-jobs-begun = Begonnen
operator-jobs-begun-times = { $count ->
    [1] einmal
   *[other] { $count } Mal
}
operator-jobs-last = Zuletzt begonnen
operator-jobs-action = Aktion
operator-jobs-quarantined = in Quarantäne
operator-jobs-running = läuft
operator-jobs-suspect = verdächtig
operator-jobs-again = Erneut starten
operator-jobs-again-about = { $item } erneut starten
operator-jobs-again-done = Er läuft innerhalb einer Sekunde wieder.
