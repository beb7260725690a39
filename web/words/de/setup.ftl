# Die Einrichtung, die ersten Seiten und die Übersicht.

setup-title = Einrichtung
setup-heading = Konto einrichten
setup-ready = Ihr Konto ist bereit
setup-left = { $count ->
    [one] Ein Schritt fehlt noch.
   *[other] { $count } Schritte fehlen noch.
}
setup-intro = Jeder Schritt prüft sich selbst. Nichts hier wartet auf uns.
setup-docs = Einrichten, Schritt für Schritt
setup-check = Erneut prüfen
setup-attached = Das Abonnement gehört jetzt zu diesem Konto.
setup-end-means = Was das Ende bedeutet
setup-end-docs = Was wann endet

setup-steps = Schritte
setup-so-far = { $done } von { $all } erledigt
setup-last-check = Einen Moment: Die letzte Prüfung läuft.
setup-licence-waiting = Nichts zu tun. Wenn es länger als zehn Minuten dauert, sehen Sie sich den Status des Abonnements in AWS Marketplace an.
setup-licence-failed = Abonnieren Sie in AWS Marketplace erneut.
setup-follows = Nichts zu tun: Es folgt von selbst.
setup-usage-failed = Öffnen Sie die Nutzung und sehen Sie sich die Stunden an, die AWS nicht angenommen hat.
setup-tried-again = Nichts zu tun: Wir versuchen es von selbst erneut und sehen nach, wenn das nicht hilft.
setup-checked = Geprüft am { $at }

setup-prompts = Damit niemand ausgesperrt wird
setup-codes = Wiederherstellungscodes erstellen
setup-codes-why = Damit können Sie sich wieder anmelden, wenn Sie Ihre Authenticator-App verlieren.
setup-codes-why-alone = Außer Ihnen gibt es keinen Eigentümer: Wenn Sie Ihre Authenticator-App verlieren, kommen Sie sonst nicht mehr in Ihr Konto.
setup-owner = Zweiten Eigentümer hinzufügen
setup-owner-why = Außer Ihnen gibt es keinen. Ein zweiter Eigentümer kann helfen, wenn Sie Ihre Authenticator-App verlieren.
setup-owner-invite = Eigentümer einladen

setup-account = Ihr Konto
setup-subscription = Abonnement
setup-waiting = wartet auf AWS
setup-active = aktiv
setup-ended = beendet
setup-agreement = Vereinbarung
setup-agreement-none = noch nicht genannt
setup-tenant-id = Tenant-ID
setup-tenant-id-copy = Tenant-ID
setup-owners = { $count ->
   *[other] Eigentümer
}
setup-more = und { $count } weitere
setup-as-of = Stand

setup-next = Nächste Schritte
setup-next-keys = Amazon Connect Ihren Schlüssel geben
setup-next-keys-how = Laden Sie den öffentlichen Schlüssel und das Zertifikat herunter; die Seite sagt, wohin sie gehören.
setup-next-keys-do = Schlüssel herunterladen
setup-next-make = API-Schlüssel erstellen
setup-next-make-how = Ihre Integration sendet ihn mit. Er wird nur einmal gezeigt, zusammen mit einem Befehl zum Ausprobieren.
setup-next-make-do = API-Schlüssel erstellen
setup-next-look = API-Schlüssel ansehen
setup-next-look-how = Mit ihnen weisen sich Integrationen aus. Eigentümer, Admins und Entwickler erstellen sie.
setup-next-usage = Ein Nutzungsereignis senden
setup-next-usage-how = Sehen Sie, wie es gezählt wird und wie AWS die Stunde annimmt, sobald sie vorbei ist.

setup-usage = Nutzung
setup-keys = Schlüssel
setup-api-keys = API-Schlüssel
setup-people = Personen

home-title = Start
home-heading = Sie sind angemeldet
home-intro = Hier kommen Zahlungen an. Bis dahin ist nichts zu tun.
home-account = Sehen Sie, wo Sie angemeldet sind, und erstellen Sie Wiederherstellungscodes für den Fall, dass Sie Ihre Authenticator-App verlieren.
home-operator = Betreiber
home-operator-heading = Sie sind als Betreiber angemeldet
home-operator-intro = Sie sehen, wie es um alle Konten steht, aber nichts von ihren Personen, Schlüsseln oder Zahlungen.
home-registrations = Registrierungen
home-registrations-what = Wer aus AWS Marketplace gekommen ist, und an welchem Schritt es jeweils hängt.
home-registrations-open = Registrierungen öffnen
home-tenants = Konten
home-tenants-what = Alle Kunden, und wie es um ihre Lizenzen steht.
home-tenants-open = Konten öffnen
home-events = Ereignisse
home-events-what = Was AWS gesendet hat, und was daraus wurde.
home-events-open = Ereignisse öffnen
home-jobs = Jobs
home-jobs-what = Laufende Hintergrundarbeit, und was in Quarantäne ist, weil es nie zu Ende kam.
home-jobs-open = Jobs öffnen

overview-title = Übersicht
overview-intro = So steht es um Ihr Konto, Stand { $at }
overview-calm = nichts zu tun
overview-docs = Nutzungsereignisse senden

overview-needs = Was zu tun ist
overview-not-taken-need = { $count ->
    [one] AWS hat in den letzten 7 Tagen { $units } Einheit nicht angenommen
   *[other] AWS hat in den letzten 7 Tagen { $units } Einheiten nicht angenommen
}
overview-not-taken-need-why = Bei jeder Stunde steht der Grund, ob sie abgerechnet wird und ob wir der Sache nachgehen.
overview-not-taken-need-see = Stunden ansehen
overview-certificate-why = Amazon Connect verlangt ein gültiges Zertifikat. Tragen Sie das neue vorher in Ihre Flows ein.
overview-no-codes = Sie haben keine Wiederherstellungscodes
overview-only-owner = Außer Ihnen gibt es keinen Eigentümer
overview-only-owner-why = Fügen Sie einen zweiten Eigentümer hinzu, der helfen kann, wenn Sie Ihre Authenticator-App verlieren.

overview-chart = Einheiten heute, nach Stunden
overview-chart-means = UTC, nach ihrem Stand bei AWS
overview-chart-see = Nutzung ansehen

overview-today = Heute genutzt
overview-today-none = keine Einheiten seit Mitternacht UTC
overview-today-means = Einheiten seit Mitternacht UTC, davon { $units } in dieser Stunde
overview-month = In diesem Monat genutzt
overview-month-means = Einheiten, die AWS hat oder bald bekommt, { $month }
overview-bill = Erwartete Rechnung
overview-bill-trial = zum Listenpreis; nichts, solange die kostenlose Testphase läuft
overview-bill-means = zum Listenpreis, vor Rabatten und Steuern
overview-waiting = Noch nicht angenommen
overview-waiting-means = Einheiten aus Stunden, die vorbei sind
overview-not-taken = Von AWS nicht angenommen, 7 Tage
overview-not-taken-none = nichts verspätet, nichts abgewiesen
overview-not-taken-means = Einheiten; die Gründe stehen bei den Stunden

overview-subscription-see = Abonnement ansehen
overview-in-force = in Kraft

overview-keys = Schlüssel für Amazon Connect
overview-keys-see = Schlüssel ansehen
overview-keys-none = Es ist kein Schlüsselpaar in Gebrauch.
overview-key = { $mode ->
    [test] Testschlüssel, RSA { $bits }
   *[live] Live-Schlüssel, RSA { $bits }
}
overview-key-used = Zertifikat gültig bis { $until }, zuletzt benutzt am { $at }
overview-key-unused = Zertifikat gültig bis { $until }, noch nicht benutzt

overview-api-keys-see = API-Schlüssel ansehen
overview-api-keys-none = Noch keiner. Eine Integration braucht einen, um Nutzungsereignisse zu senden.
overview-api-keys-used = { $keys } in Gebrauch.
overview-api-keys-unused = { $keys } gültig, davon { $unused } nie benutzt.
overview-api-keys-last = Zuletzt benutzt am { $at }

overview-people-see = Personen ansehen
overview-people = { $count ->
    [one] { $people } Person.
   *[other] { $people } Personen.
}
overview-people-invited = { $count ->
    [one] { $people } Person, { $invited } eingeladen.
   *[other] { $people } Personen, { $invited } eingeladen.
}
